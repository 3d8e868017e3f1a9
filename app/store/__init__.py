"""The encrypted cache: SQLAlchemy on SQLCipher. Rows never leave this folder; every write runs on the store thread."""
