"""SOQL tokens to a tree, by recursive descent."""

from __future__ import annotations

from dataclasses import replace

from . import soql_functions, times
from .errors import ApiError, refuse
from .soql_lexer import Token, TokenKind, located, tokens
from .soql_tree import (
    AllFields,
    Call,
    Compare,
    Condition,
    Every,
    Includes,
    Literal,
    LiteralKind,
    Member,
    Negation,
    Operand,
    Order,
    Path,
    Query,
    Some,
    TypeOf,
)

_COMPARISONS = {"=", "!=", "<>", "<", "<=", ">", ">="}
_CLAUSES = {"WHERE", "ORDER", "LIMIT", "OFFSET", "FOR", "WITH", "GROUP", "HAVING", "ALL", "USING", "UPDATE"}
_ITEM_ENDS = {",", "FROM"}
_MAX_OFFSET = 2000
_MAX_DEPTH = 60


def parse(statement: str) -> Query:
    """The tree of a whole statement. Raises ApiError."""
    parser = Parser(statement)
    query = parser.query(nested=False)
    parser.finish()
    return query


class Parser:
    """One pass over one statement; SOSL borrows it for what stands in RETURNING."""

    def __init__(self, statement: str) -> None:
        self._statement = statement
        self._tokens = tokens(statement)
        self._next = 0
        self._depth = 0

    def finish(self) -> None:
        """Nothing may follow."""
        if self._peek().kind is not TokenKind.END:
            raise self._unexpected()

    # -- statement

    def query(self, *, nested: bool) -> Query:
        """SELECT … up to the end of its clauses."""
        self._enter()
        self._need("SELECT")
        counting = False
        items: list[Path | Call | AllFields | TypeOf | Query] = []
        if self._is("COUNT") and self._peek(1).text == "(" and self._peek(2).text == ")":
            self._next += 3
            counting = True
        else:
            items.append(self._item(nested))
            while self._take(","):
                items.append(self._item(nested))
        self._need("FROM")
        source = self._name()
        alias = self._alias()
        mine = self._scope()
        where = self._condition() if self._take("WHERE") else None
        if self._take("WITH"):
            self._need("SECURITY_ENFORCED", "USER_MODE", "SYSTEM_MODE")
        group, having = self._grouping()
        order, limit, offset = self._tail()
        self._depth -= 1
        return Query(
            self._statement,
            tuple(items),
            counting,
            source.text,
            source.at,
            alias,
            where,
            order,
            limit,
            offset,
            group,
            having,
            mine,
        )

    def _scope(self) -> bool:
        if not self._take("USING"):
            return False
        self._need("SCOPE")
        return self._need("MINE", "EVERYTHING").upper == "MINE"

    def _grouping(self) -> tuple[tuple[Operand, ...], Condition | None]:
        group: list[Operand] = []
        if self._take("GROUP"):
            self._need("BY")
            group.append(self._operand())
            while self._take(","):
                group.append(self._operand())
        return tuple(group), self._condition() if self._take("HAVING") else None

    def _alias(self) -> str | None:
        self._take("AS")
        if self._peek().kind is TokenKind.NAME and self._peek().upper not in _CLAUSES:
            return self._name().text
        return None

    def _item(self, nested: bool) -> Path | Call | AllFields | TypeOf | Query:
        if self._peek().text == "(" and not nested:
            self._next += 1
            inner = self.query(nested=True)
            self._need(")")
            return inner
        if self._is("FIELDS") and self._peek(1).text == "(":
            at = self._peek().at
            self._next += 2
            which = self._name().upper
            if which not in ("ALL", "STANDARD", "CUSTOM"):
                raise self._unexpected(-1)
            self._need(")")
            return AllFields(which, at)
        if self._is("TYPEOF") and self._peek(1).kind is TokenKind.NAME and self._peek(1).upper not in _ITEM_ENDS:
            return self._typeof()
        if self._is("FROM"):
            raise self._unexpected()
        return self._aliased(self._operand())

    def _aliased(self, item: Operand) -> Operand:
        token = self._peek()
        if token.kind is not TokenKind.NAME or token.upper in _ITEM_ENDS:
            return item
        return replace(item, alias=self._advance().text)

    def _typeof(self) -> TypeOf:
        at = self._advance().at
        lookup = self._name().text
        cases: list[tuple[str, tuple[Path, ...]]] = []
        while self._take("WHEN"):
            name = self._name().text
            self._need("THEN")
            cases.append((name, self._paths()))
        if not cases:
            raise self._unexpected()
        otherwise = self._paths() if self._take("ELSE") else None
        self._need("END")
        return TypeOf(lookup, tuple(cases), otherwise, at)

    def _paths(self) -> tuple[Path, ...]:
        paths = [self._path()]
        while self._take(","):
            paths.append(self._path())
        return tuple(paths)

    def _tail(self) -> tuple[tuple[Order, ...], int | None, int]:
        """ORDER BY, LIMIT, OFFSET: (order, limit, offset)."""
        order: list[Order] = []
        if self._take("ORDER"):
            self._need("BY")
            order.append(self._order())
            while self._take(","):
                order.append(self._order())
        limit = self._count() if self._take("LIMIT") else None
        offset = 0
        if self._take("OFFSET"):
            offset = self._count()
            if offset > _MAX_OFFSET:
                raise refuse("NUMBER_OUTSIDE_VALID_RANGE", f"Maximum SOQL offset allowed is {_MAX_OFFSET}")
        if self._take("FOR"):
            self._need("VIEW", "REFERENCE", "UPDATE")
        return tuple(order), limit, offset

    def _order(self) -> Order:
        path = self._operand()
        descending = self._take("DESC")
        if not descending:
            self._take("ASC")
        nulls_last = False
        if self._take("NULLS"):
            nulls_last = self._need("FIRST", "LAST").upper == "LAST"
        return Order(path, descending, nulls_last)

    # -- conditions

    def _condition(self) -> Condition:
        self._enter()
        parts = [self._negation()]
        joiner = ""
        while self._is("AND") or self._is("OR"):
            word = self._peek().upper
            # AND and OR side by side need parentheses, as in Salesforce.
            if joiner and word != joiner:
                raise self._unexpected()
            joiner = word
            self._next += 1
            parts.append(self._negation())
        self._depth -= 1
        if len(parts) == 1:
            return parts[0]
        return Every(tuple(parts)) if joiner == "AND" else Some(tuple(parts))

    def _negation(self) -> Condition:
        if self._take("NOT"):
            self._enter()
            inner = Negation(self._negation())
            self._depth -= 1
            return inner
        if self._take("("):
            inside = self._condition()
            self._need(")")
            return inside
        return self._comparison()

    def _comparison(self) -> Condition:
        path = self._operand()
        at = self._peek().at
        if self._peek().text in _COMPARISONS:
            operator = self._advance().text
            return Compare(path, "!=" if operator == "<>" else operator, self._literal(), at)
        if self._take("LIKE"):
            return Compare(path, "LIKE", self._literal(), at)
        if self._take("INCLUDES"):
            return Includes(path, False, self._list(), at)
        if self._take("EXCLUDES"):
            return Includes(path, True, self._list(), at)
        negated = self._take("NOT")
        if self._take("IN"):
            if self._peek().text == "(" and self._peek(1).upper == "SELECT":
                self._next += 1
                inner = self.query(nested=True)
                self._need(")")
                return Member(path, negated, inner, at)
            return Member(path, negated, self._list(), at)
        raise self._unexpected()

    def _list(self) -> tuple[Literal, ...]:
        self._need("(")
        values = [self._literal()]
        while self._take(","):
            values.append(self._literal())
        self._need(")")
        return tuple(values)

    def _literal(self) -> Literal:
        token = self._advance()
        match token.kind:
            case TokenKind.STRING | TokenKind.NUMBER | TokenKind.DATE | TokenKind.DATETIME:
                return Literal(LiteralKind(token.kind.value), token.text, token.at)
            case TokenKind.NAME if token.upper in ("TRUE", "FALSE"):
                return Literal(LiteralKind.BOOLEAN, token.text.lower(), token.at)
            case TokenKind.NAME if token.upper == "NULL":
                return Literal(LiteralKind.NULL, "", token.at)
            case TokenKind.NAME if times.is_literal(token.upper):
                return Literal(LiteralKind.RELATIVE, token.upper, token.at)
            case TokenKind.NAME if times.is_counted_literal(token.upper):
                self._need(":")
                return Literal(LiteralKind.RELATIVE, token.upper, token.at, self._count())
            case _:
                raise self._unexpected(-1)

    # -- tokens

    def _operand(self) -> Operand:
        if self._peek(1).text != "(":
            return self._path()
        name = self._name()
        if not soql_functions.is_known(name.upper):
            raise self._unexpected()
        self._need("(")
        argument = self._path()
        self._need(")")
        return Call(name.upper, argument, name.at)

    def _path(self) -> Path:
        first = self._name()
        parts = [first.text]
        while self._take("."):
            parts.append(self._name().text)
        return Path(tuple(parts), first.at)

    def _name(self) -> Token:
        if self._peek().kind is not TokenKind.NAME:
            raise self._unexpected()
        return self._advance()

    def _count(self) -> int:
        token = self._advance()
        if token.kind is not TokenKind.NUMBER or not token.text.isdigit():
            raise self._unexpected(-1)
        return int(token.text)

    def _enter(self) -> None:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise refuse("MALFORMED_QUERY", "the statement is nested too deeply")

    def _peek(self, ahead: int = 0) -> Token:
        return self._tokens[min(self._next + ahead, len(self._tokens) - 1)]

    def _advance(self) -> Token:
        token = self._peek()
        self._next += 1
        return token

    def _is(self, word: str) -> bool:
        token = self._peek()
        return token.kind in (TokenKind.NAME, TokenKind.OPERATOR) and token.upper == word

    def _take(self, word: str) -> bool:
        if self._is(word):
            self._next += 1
            return True
        return False

    def _need(self, *words: str) -> Token:
        for word in words:
            if self._is(word):
                return self._advance()
        raise self._unexpected()

    def _unexpected(self, ahead: int = 0) -> ApiError:
        token = self._peek(ahead)
        return located(self._statement, token.at, "MALFORMED_QUERY", f"unexpected token: '{token.text}'")
