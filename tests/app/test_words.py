"""Every code has its sentence, and every place in a sentence is filled where the error is made."""

from __future__ import annotations

import ast
import errno
import os
import string
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.call import CallState, EndReason
from app.domain.counterpart import LineReason
from app.domain.events import Troubled
from app.errors import AppError, Detail, ErrorCode, system_detail
from app.words import all_templates, closed, end_reason, line_reason, sentence, template

ROOT = Path(__file__).parents[2]


def places(text: str) -> set[str]:
    """The names in braces."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("code", ErrorCode)
def test_every_error_has_a_sentence(code: ErrorCode) -> None:
    text = template(code)
    assert text
    filled = sentence(AppError(code, **dict.fromkeys(places(text), "x")))
    assert "{" not in filled
    assert "?" not in filled
    if code is not ErrorCode.USAGE:
        assert filled[-1] in ".x"
        assert not filled[0].islower() or filled.startswith("x ")


@pytest.mark.parametrize("code", ErrorCode)
def test_a_missing_value_never_breaks_the_sentence(code: ErrorCode) -> None:
    assert "{" not in sentence(AppError(code))


def test_braces_in_a_value_are_only_text() -> None:
    assert sentence(AppError(ErrorCode.CRM_REFUSED, message="{oops} {0}")) == "Salesforce refused it: {oops} {0}"


@pytest.mark.parametrize("code", EndReason)
def test_every_end_has_half_a_sentence(code: EndReason) -> None:
    text = end_reason(code.value)
    assert text.endswith(".")
    assert text.startswith("Ringdown") or text[0].islower()
    assert not places(text)


@pytest.mark.parametrize("code", LineReason)
def test_every_line_reason_has_a_sentence(code: LineReason) -> None:
    text = line_reason(code.value)
    assert text.endswith(".") or code is LineReason.NONE
    assert not places(text)


@pytest.mark.parametrize("code", LineReason)
def test_a_line_that_is_not_ready_says_why(code: LineReason) -> None:
    text = sentence(AppError(ErrorCode.LINE_NOT_READY, line="main", reason_code=code.value))
    assert text == f"Line main is not registered: {line_reason(code.value) or 'it is still registering.'}"


def test_all_templates_holds_every_sentence_once() -> None:
    found = all_templates()
    assert len(found) == sum(map(len, (ErrorCode, EndReason, LineReason, Detail, CallState)))
    assert all(found.values())


@pytest.mark.parametrize("code", Detail)
def test_every_detail_is_part_of_a_sentence(code: Detail) -> None:
    words = all_templates()[f"detail-{code}"]
    given = dict.fromkeys(places(words), "x")
    said = sentence(AppError(ErrorCode.FILE_UNREADABLE, path="/a", detail=code, **given))
    assert said == f"/a cannot be used: {words.format_map(given)}"
    assert not words.endswith(".")


def test_what_reads_like_a_code_is_only_text() -> None:
    said = sentence(AppError(ErrorCode.FILE_UNREADABLE, path="no-csv", detail="no-csv"))
    assert said == "no-csv cannot be used: no-csv"


def test_a_detail_stays_one_on_its_way_to_the_window() -> None:
    error = AppError(ErrorCode.DOWNLOAD_FAILED, detail=Detail.SERVER_ANSWERED, status=404)
    event = Troubled.of(error)
    assert sentence(AppError(ErrorCode(event.code), **dict(event.values))) == sentence(error)
    assert sentence(error) == "The settings could not be fetched: the server answered 404."


_COMMON = (
    errno.ENOENT, errno.EACCES, errno.EPERM, errno.EISDIR, errno.ENOTDIR, errno.EEXIST, errno.ENOSPC, errno.EDQUOT,
    errno.EROFS, errno.EMFILE, errno.ENFILE, errno.ENAMETOOLONG, errno.ELOOP, errno.EIO, errno.ENOLCK, errno.ETIMEDOUT,
)  # fmt: skip


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have other words")
@pytest.mark.parametrize("number", _COMMON)
def test_what_the_system_says_is_said_in_its_words(number: int) -> None:
    error = OSError(number, os.strerror(number))
    assert isinstance(detail := system_detail(error), Detail)
    assert all_templates()[f"detail-{detail}"] == error.strerror


def test_what_the_system_says_rarely_is_its_own() -> None:
    assert system_detail(OSError(errno.ESTALE, "Stale file handle")) == "Stale file handle"
    assert system_detail(OSError()) is Detail.UNKNOWN


def test_a_call_in_the_wrong_state_says_which() -> None:
    said = sentence(AppError(ErrorCode.CALL_WRONG_STATE, state=CallState.HELD))
    assert said == "The call is held: that is not possible now."


def _made() -> Iterator[tuple[str, ErrorCode, set[str]]]:
    """Every `AppError(ErrorCode.X, name=…)` of the program, with the names it is given."""
    for package in ("app", "ui", "sip", "crm"):
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "AppError"):
                    continue
                names = {keyword.arg for keyword in node.keywords}
                code = node.args[0] if node.args else None
                if isinstance(code, ast.Attribute) and None not in names:
                    place = f"{path.relative_to(ROOT)}:{node.lineno}"
                    yield place, ErrorCode[code.attr], {str(name) for name in names}


def test_every_error_is_made_with_the_values_its_sentence_needs() -> None:
    found = list(_made())
    assert len(found) > 40
    wrong = []
    for place, code, names in found:
        given = names | ({"reason"} if "reason_code" in names else set())
        if missing := places(template(code)) - given:
            wrong.append((place, code.value, missing))
    assert not wrong


def test_every_detail_is_made_with_the_values_its_words_need() -> None:
    words, used, wrong = all_templates(), set(), []
    for package in ("app", "ui", "sip", "crm"):
        for path in sorted((ROOT / package).rglob("*.py")):
            if path.name in {"errors.py", "words.py"}:
                continue
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Detail":
                    used.add(Detail[node.attr])
                if not isinstance(node, ast.Call):
                    continue
                given = {keyword.arg for keyword in node.keywords}
                for value in (*node.args, *(keyword.value for keyword in node.keywords)):
                    if not (isinstance(value, ast.Attribute) and ast.unparse(value.value) == "Detail"):
                        continue
                    if missing := places(words[f"detail-{Detail[value.attr]}"]) - given:
                        wrong.append((f"{path.relative_to(ROOT)}:{node.lineno}", value.attr, missing))
    assert not wrong
    said_by_system = {system_detail(OSError(number, "rare")) for number in errno.errorcode} | {Detail.UNKNOWN}
    assert set(Detail) - used - said_by_system == set()


def test_an_error_in_a_log_names_nobody() -> None:
    error = AppError(ErrorCode.NUMBER_UNREADABLE, typed="+14155550142")
    assert str(error) == "number-unreadable"
    assert "0142" not in repr(error)


def test_a_sentence_without_salesforces_words_ends_before_them() -> None:
    assert sentence(AppError(ErrorCode.CRM_REFUSED, message="")) == "Salesforce refused it."
    assert sentence(AppError(ErrorCode.CRM_REFUSED, message="No way:")) == "Salesforce refused it: No way:"
    assert closed("Salesforceに拒否されました: ") == "Salesforceに拒否されました。"
    assert closed("すでにSalesforceにあるかもしれません：") == "すでにSalesforceにあるかもしれません。"
