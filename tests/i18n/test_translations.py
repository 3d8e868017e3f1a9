"""Japanese is complete, its placeholders are those of the source, and what ships is what was translated."""

from __future__ import annotations

import re
import string
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

import resources
from app.domain.call import CallState
from app.domain.counterpart import LineReason
from app.errors import AppError, Detail, ErrorCode
from app.settings import Language, Settings
from app.settings_file import save
from app.words import all_templates, template
from tests.i18n.extract import LANGUAGES, compile_to, extract
from ui.language import chosen, speak
from ui.words import error_sentence

SAME = {"English", "日本語", "Ringdown", "Salesforce", "{detail}", "{outcome}: {reason}", "Ringdown {version}"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One string of a .ts file."""

    context: str
    source: str
    translation: str
    state: str


def entries(file: Path) -> list[Entry]:
    """All strings of a .ts file."""
    found: list[Entry] = []
    for context in ET.parse(file).getroot().iter("context"):
        name = context.findtext("name") or ""
        for message in context.iter("message"):
            translation = message.find("translation")
            assert translation is not None
            text, state = translation.text or "", translation.get("type", "")
            found.append(Entry(name, message.findtext("source") or "", text, state))
    return found


def fields(text: str) -> set[str]:
    """The places that are filled."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def shipped(language: str) -> Path:
    """The .ts file in the tree."""
    return resources.path(f"i18n/ringdown_{language}.ts")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_string_is_translated(language: str) -> None:
    open_ones = [entry for entry in entries(shipped(language)) if entry.state or not entry.translation.strip()]
    assert not open_ones


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_file_has_every_string_of_the_code_and_no_other(language: str, tmp_path: Path) -> None:
    (fresh,) = [file for file in extract(tmp_path) if file.stem.endswith(language)]
    in_code = {(entry.context, entry.source) for entry in entries(fresh)}
    in_file = {(entry.context, entry.source) for entry in entries(shipped(language))}
    assert in_code - in_file == set(), "run: python -m tests.i18n.extract"
    assert in_file - in_code == set(), "run: python -m tests.i18n.extract"


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_are_the_same(language: str) -> None:
    wrong = [entry for entry in entries(shipped(language)) if fields(entry.source) != fields(entry.translation)]
    assert not wrong


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_ships_is_compiled_from_what_was_translated(language: str, tmp_path: Path) -> None:
    fresh = tmp_path / "fresh.qm"
    compile_to(shipped(language), fresh)
    assert fresh.read_bytes() == shipped(language).with_suffix(".qm").read_bytes(), "run: python -m tests.i18n.extract"


def test_japanese_is_japanese() -> None:
    kana_or_kanji = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
    for entry in entries(shipped("ja")):
        plain = re.sub(r"\{\w+\}", "", entry.source)
        if entry.source in SAME or re.fullmatch(r"(Ctrl.*|Salesforce: )", plain):
            continue
        assert kana_or_kanji.search(entry.translation) or not re.search(r"[A-Za-z]", plain), entry
        # Japanese ends a sentence with its own full stop and puts no blank before it.
        assert not entry.translation.endswith("."), entry
        assert ".." not in entry.translation, entry


def test_sentences_end_as_the_english_ones_do() -> None:
    for entry in entries(shipped("ja")):
        if entry.source.endswith(".") and not entry.source.endswith("}."):
            assert entry.translation.endswith("。"), entry


@pytest.fixture
def japanese(qapp: QApplication) -> Iterator[QApplication]:
    """The application speaks Japanese for a while."""
    before = QLocale()
    assert speak(qapp, Language.JAPANESE) == "ja"
    yield qapp
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)
        translator.deleteLater()
    QLocale.setDefault(before)


def test_the_window_speaks_it(japanese: QApplication) -> None:
    assert QCoreApplication.translate("Rail", "Messages") == "メッセージ"
    sentence = error_sentence(AppError(ErrorCode.NUMBER_TOO_SHORT, typed="12"))
    assert sentence == "「12」は電話番号としては短すぎます。"
    # Qt's own words, as in its file dialog and message boxes.
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "キャンセル"


def test_every_sentence_of_a_failure_is_spoken(japanese: QApplication) -> None:
    for code in ErrorCode:
        if code is not ErrorCode.USAGE:
            assert re.search(r"[\u3040-\u30ff]", error_sentence(AppError(code))), code


# What stands in a file, an address or a name is the same in every language.
_NAMES = re.compile(r"\[\[line\]\]|Info\.plist|Ringdown|Salesforce|macOS|UTF-8|CSV|https?(://)?|refresh_token|「name」")


@pytest.mark.parametrize("detail", Detail)
def test_a_sentence_with_a_detail_has_no_english_word(japanese: QApplication, detail: Detail) -> None:
    places = dict.fromkeys(fields(all_templates()[f"detail-{detail}"]), "17")
    words = {"id", "uri", "sip", "true", "false"} if "where" in places or "LINE" in detail.name else set()
    for code in ErrorCode:
        if "detail" in fields(template(code)) and code is not ErrorCode.USAGE:
            said = error_sentence(AppError(code, path="/17", detail=detail, **places))
            assert set(re.findall(r"[A-Za-z]+", _NAMES.sub("", said))) <= words, said


@pytest.mark.parametrize("state", CallState)
def test_a_call_in_the_wrong_state_says_which(japanese: QApplication, state: CallState) -> None:
    said = error_sentence(AppError(ErrorCode.CALL_WRONG_STATE, state=state))
    assert not re.search(r"[A-Za-z]", said), said


def test_a_line_that_registers_says_so(japanese: QApplication) -> None:
    said = error_sentence(AppError(ErrorCode.LINE_NOT_READY, line="17", reason_code=LineReason.NONE.value))
    assert said == "回線 17 は登録されていません: まだ登録中です。"


def test_the_choice_is_read_from_the_profile(tmp_path: Path) -> None:
    assert chosen(tmp_path) is Language.SYSTEM
    save(tmp_path, Settings(language=Language.JAPANESE))
    assert chosen(tmp_path) is Language.JAPANESE
    (tmp_path / "settings.toml").write_text("language = [", "utf-8")
    assert chosen(tmp_path) is Language.SYSTEM


def test_english_needs_no_file(qapp: QApplication) -> None:
    before = QLocale()
    assert speak(qapp, Language.ENGLISH) == "en"
    assert QCoreApplication.translate("Rail", "Messages") == "Messages"
    QLocale.setDefault(before)
