"""What a setting of a provisioning offer is called, for people who read it before they accept."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.settings import declared

_TABLES = {
    "salesforce": "Salesforce",
    "policy": "Rules of your organisation",
    "audio": "Sound",
    "directory": "Colleagues",
    "settings": "Settings",
}

# Read and kept, but nothing acts on them yet: who accepts them must not think so.
_IDLE = frozenset({"kind", "voicemail", "voicemail_deposit", "record"})  # of a line


def where_word(where: str) -> str:
    """The group a change belongs to: a line by its id, Salesforce, the rules…"""
    kind, _, rest = where.partition(" ")
    if kind == "line":
        return QCoreApplication.translate("Offer", "Line {line}").format(line=rest)
    if kind == "salesforce":
        return "Salesforce"
    return QCoreApplication.translate("Settings", _TABLES[where]) if where in _TABLES else where


def name_word(where: str, name: str) -> str:
    """The setting in words; its own name where nobody has words for it."""
    if name == "secret":
        return QCoreApplication.translate("Offer", "Password or key")
    if where.startswith("line "):
        return _not_yet(_line_word(name)) if name in _IDLE else _line_word(name)
    table = "" if where == "settings" else where
    label = next((item.shown.label for item in declared() if (item.table, item.name) == (table, name)), "")
    word = QCoreApplication.translate("Settings", label) if label else name
    return _not_yet(word) if where == "policy" else word


def value_word(value: str) -> str:
    """A value; nothing is said in words."""
    match value:
        case "":
            return QCoreApplication.translate("Offer", "not set")
        case "yes":
            return QCoreApplication.translate("Offer", "yes")
        case "no":
            return QCoreApplication.translate("Offer", "no")
        case _:
            return value


def _not_yet(word: str) -> str:
    return QCoreApplication.translate("Offer", "{setting} (not in force yet)").format(setting=word)


def _line_word(name: str) -> str:
    words = {
        "id": QCoreApplication.translate("Offer", "Name"),
        "uri": QCoreApplication.translate("Offer", "SIP address"),
        "registrar": QCoreApplication.translate("Offer", "Registrar"),
        "proxy": QCoreApplication.translate("Offer", "Proxy"),
        "username": QCoreApplication.translate("Offer", "User name"),
        "number": QCoreApplication.translate("Offer", "Number"),
        "caller_ids": QCoreApplication.translate("Offer", "Caller IDs"),
        "kind": QCoreApplication.translate("Offer", "Personal or shared"),
        "region": QCoreApplication.translate("Offer", "Country"),
        "transport": QCoreApplication.translate("Offer", "Transport"),
        "srtp": QCoreApplication.translate("Offer", "Encrypted sound"),
        "ca_file": QCoreApplication.translate("Offer", "Certificate authority"),
        "voicemail": QCoreApplication.translate("Offer", "Voicemail number"),
        "voicemail_deposit": QCoreApplication.translate("Offer", "Voicemail for callers"),
        "record": QCoreApplication.translate("Offer", "Recording"),
        "international": QCoreApplication.translate("Offer", "International calls"),
        "bind": QCoreApplication.translate("Offer", "Network address"),
    }
    return words.get(name, name)
