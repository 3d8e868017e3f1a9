"""SOQL text to tokens. Literals are decoded here, so nothing later sees a quote or a backslash."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from .errors import ApiError, refuse

_MAX_STATEMENT = 100_000
_MAX_LITERAL = 4_000
_DATETIME = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:?\d\d)")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d+)?|\.\d+)")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_OPERATOR = re.compile(r"<=|>=|!=|<>|[=<>(),.:]")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
# In LIKE an escaped wildcard must stay tellable from a bare one: it keeps its backslash behind this mark.
LIKE_ESCAPE = "\x00"


class TokenKind(StrEnum):
    """What a token is."""

    NAME = "name"
    STRING = "string"
    NUMBER = "number"
    DATE = "date"
    DATETIME = "datetime"
    OPERATOR = "operator"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """One token: its text as compared (strings decoded), and where it starts."""

    kind: TokenKind
    text: str
    at: int

    @property
    def upper(self) -> str:
        """For keyword comparison."""
        return self.text.upper()


def located(statement: str, at: int, code: str, problem: str) -> ApiError:
    """A 400 in Salesforce's form: the spot in the statement, row and column, the sentence."""
    row = statement.count("\n", 0, at) + 1
    start = statement.rfind("\n", 0, at) + 1
    end = statement.find("\n", at)
    line = statement[start : len(statement) if end < 0 else end]
    column = at - start
    first = max(0, column - 30)
    shown = line[first : column + 30]
    return refuse(
        code,
        f"\n{shown}\n{' ' * (column - first)}^\nERROR at Row:{row}:Column:{column + 1}\n{problem}",
    )


def tokens(statement: str) -> list[Token]:
    """All tokens with an END at the last. Raises ApiError."""
    if len(statement) > _MAX_STATEMENT:
        raise refuse("MALFORMED_QUERY", "SOQL statements cannot be longer than 100000 characters.")
    found: list[Token] = []
    at = 0
    while at < len(statement):
        if statement[at].isspace():
            at += 1
            continue
        if statement[at] == "'":
            text, after = _string(statement, at)
            found.append(Token(TokenKind.STRING, text, at))
            at = after
            continue
        for kind, pattern in _PATTERNS:
            match = pattern.match(statement, at)
            if match:
                found.append(Token(kind, match.group(), at))
                at = match.end()
                break
        else:
            raise located(statement, at, "MALFORMED_QUERY", f"unexpected token: '{statement[at]}'")
    found.append(Token(TokenKind.END, "<EOF>", len(statement)))
    return found


_PATTERNS = (
    (TokenKind.DATETIME, _DATETIME),
    (TokenKind.DATE, _DATE),
    (TokenKind.NUMBER, _NUMBER),
    (TokenKind.NAME, _NAME),
    (TokenKind.OPERATOR, _OPERATOR),
)


def _string(statement: str, start: int) -> tuple[str, int]:
    out: list[str] = []
    at = start + 1
    while at < len(statement):
        letter = statement[at]
        if letter == "'":
            text = "".join(out)
            if len(text) > _MAX_LITERAL:
                raise located(statement, start, "MALFORMED_QUERY", "string literal is longer than 4000 characters")
            return text, at + 1
        if letter != "\\":
            out.append(letter)
            at += 1
            continue
        escaped = statement[at + 1 : at + 2]
        if escaped in ("u", "U"):
            digits = statement[at + 2 : at + 6]
            if not re.fullmatch(r"[0-9A-Fa-f]{4}", digits):
                raise located(statement, at, "MALFORMED_QUERY", f"Illegal character in string: '\\{escaped}{digits}'")
            out.append(chr(int(digits, 16)))
            at += 6
        elif escaped in ("%", "_") and escaped:
            out.append(LIKE_ESCAPE + escaped)
            at += 2
        elif escaped.lower() in _ESCAPES and escaped:
            out.append(_ESCAPES[escaped.lower()])
            at += 2
        else:
            raise located(statement, at, "MALFORMED_QUERY", f"Invalid string literal: illegal escape '\\{escaped}'")
    raise located(statement, start, "MALFORMED_QUERY", "unexpected token: '''")
