"""Steps from every released schema to the next. A step is never edited once released."""

from __future__ import annotations

from importlib.resources import as_file, files

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection


def climb(connection: Connection, target: str = "head") -> None:
    """Bring the file from its version, or from nothing, to ``target`` in one transaction: all steps or none.

    Foreign keys rest meanwhile: SQLite changes a table by dropping the old one, which would cascade. They are checked
    at the end; a file that breaks one stays as it was (RuntimeError).
    """
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute("PRAGMA foreign_keys = OFF")  # has no effect inside a transaction
    try:
        with as_file(files(__name__)) as folder, connection.begin():
            config = Config()
            config.set_main_option("script_location", str(folder).replace("%", "%%"))
            config.set_main_option("path_separator", "os")
            config.attributes["connection"] = connection
            command.upgrade(config, target)
            if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
                raise RuntimeError("a migration left rows without their parent")
    finally:
        driver.execute("PRAGMA foreign_keys = ON")
