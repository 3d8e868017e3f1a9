"""Translations of the window. `python -m resources.i18n.extract` brings them up to the code."""
