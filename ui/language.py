"""What the window speaks: the rep's choice, else the computer's language, else English."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

import resources
from app.errors import AppError
from app.log import logger
from app.settings import Language, Settings
from app.settings_file import load

log = logger("language")


def chosen(folder: Path) -> Language:
    """The choice kept in a profile; what cannot be read is told later, by who opens the profile."""
    try:
        return load(folder).language
    except AppError:
        return Settings().language


def speak(app: QCoreApplication, language: Language) -> str:
    """Load the translations before the words are made; the code of what is spoken: "en" or "ja".

    What was spoken before is forgotten. Dates and times follow the computer's own form, unless it speaks another
    language than the window.
    """
    system = QLocale.system()
    locale = system if language is Language.SYSTEM else QLocale(language.value)
    for old in app.findChildren(QTranslator):
        app.removeTranslator(old)
        old.deleteLater()
    QLocale.setDefault(locale if system.language() != locale.language() else system)
    code = QLocale.languageToCode(locale.language())
    try:
        ours = resources.path(f"i18n/ringdown_{code}.qm")
    except FileNotFoundError:
        return "en"
    qts = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)) / f"qtbase_{code}.qm"
    for file in (qts, ours):  # the one installed last is asked first
        translator = QTranslator(app)
        if translator.load(str(file)):
            app.installTranslator(translator)
        else:
            log.info("no translations in %s", file.name)
    return code
