"""Codes → sentences in the rep's language. The English text is `app.words`; its places are filled after translation."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication

from app import words
from app.errors import AppError, ErrorCode

CONTEXT = "Words"


def error_sentence(error: AppError) -> str:
    """One sentence for an expected failure; plain text, which may hold what the rep typed."""
    return words.filled(words.template(error.code), error.values, _translated)


def trouble_sentence(code: str, values: Mapping[str, object]) -> str:
    """The same for a code that came as text; an unknown code is shown as it is."""
    try:
        return error_sentence(AppError(ErrorCode(code), **dict(values)))
    except ValueError:
        return code


def end_reason(code: str) -> str:
    """Why a call ended badly, as the second half of a sentence; empty for a normal end."""
    return _translated(words.end_reason(code)) if code else ""


def line_reason(code: str) -> str:
    """Why a line is in its state, as a sentence; empty when there is nothing to say."""
    text = words.line_reason(code)
    return _translated(text) if text else ""


def _translated(template: str) -> str:
    return QCoreApplication.translate(CONTEXT, template)


def usual_results() -> tuple[str, ...]:
    """The results of a call to choose from where nobody has set others."""
    return (
        QCoreApplication.translate("Results", "Connected"),
        QCoreApplication.translate("Results", "Left voicemail"),
        QCoreApplication.translate("Results", "No answer"),
        QCoreApplication.translate("Results", "Wrong number"),
        QCoreApplication.translate("Results", "Not interested"),
    )
