"""Colleagues from a CardDAV address book (RFC 6352): one REPORT for all of its vCards (RFC 6350).

The address is that of the address book itself. Only a name, an organisation, ways to call and an e-mail address are
asked for (RFC 6352 §10.4): pictures and notes of colleagues have no business here.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, ParseError

from app.domain.counterpart import CrmRecord
from app.errors import Detail
from crm.directory.csv_list import MOST_BYTES, unreadable
from crm.directory.entries import Entry, records

if TYPE_CHECKING:
    import requests

# It writes down the lines it cannot read, and these are names and addresses of people.
logging.getLogger("vobject.base").disabled = True

_DAV, _CARD = "{DAV:}", "{urn:ietf:params:xml:ns:carddav}"
_WANTED = ("UID", "FN", "N", "ORG", "TITLE", "TEL", "EMAIL")
_REPORT = (
    '<?xml version="1.0" encoding="utf-8"?>'
    '<c:addressbook-query xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:carddav"><d:prop><c:address-data>'
    + "".join(f'<c:prop name="{name}"/>' for name in ("VERSION", *_WANTED))
    + "</c:address-data></d:prop><c:filter/></c:addressbook-query>"
)
_FOLD = re.compile(r"\r?\n[ \t]")
_LINE = re.compile(rf"(?:[\w-]+\.)?(?:{'|'.join(('BEGIN', 'END', 'VERSION', *_WANTED))})[;:]", re.IGNORECASE)
_LONGEST_LINE, _MOST_LINES = 1_000, 60
_TIMEOUT = (5.0, 60.0)
_IN_ALL = 600.0  # seconds for the whole address book
# How people know a TEL's TYPE (RFC 6350 §6.4.1), the first that fits.
_LABELS = (("cell", "Mobile"), ("fax", ""), ("pager", ""), ("home", "Home"), ("work", "Phone"))


class CardDavDirectory:
    """One address book. ``url`` is https (http on this machine only); basic or digest, as the server asks."""

    def __init__(self, url: str, username: str, password: str, *, seconds: float = _IN_ALL) -> None:
        """``seconds``: the most that reading it may take."""
        self._seconds = seconds
        self._url = url
        self._username = username
        self._password = password

    def read(self) -> Sequence[CrmRecord]:
        """Everybody of the address book. Blocks; raises AppError DIRECTORY_UNREADABLE."""
        import requests

        from crm.network import use_system_trust
        from crm.patience import Connections, CuttableAdapter

        session, connections = requests.Session(), Connections()
        if urlsplit(self._url).scheme == "http":
            session.trust_env = False
        try:
            with session, connections.within(self._seconds):
                session.mount("http://", CuttableAdapter(connections))
                use_system_trust(session, connections)
                return records(_entries(self._report(session, connections.check)))
        except requests.exceptions.SSLError as error:
            raise unreadable(Detail.CERTIFICATE) from error
        except requests.exceptions.RequestException as error:
            raise unreadable(Detail.UNREACHABLE) from error

    def _report(self, session: requests.Session, check: Callable[[], None]) -> bytes:
        status, asked, content = self._ask(session, check, None)
        if status == 401:
            auth = _auth(asked.lower(), self._username, self._password)
            try:
                status, _, content = self._ask(session, check, auth)
            except (KeyError, ValueError) as error:  # a challenge without what a digest is made of
                raise unreadable(Detail.ANSWER_UNREADABLE) from error
        if status in {401, 403}:
            raise unreadable(Detail.NOT_ADMITTED)
        if status != 207:
            raise unreadable(Detail.SERVER_ANSWERED, status=status)
        return content

    def _ask(self, session: requests.Session, check: Callable[[], None], auth: Any) -> tuple[int, str, bytes]:
        """Status, the kind of password asked for, and body."""
        # Redirects are not followed: the password goes to no other host than the one the admin named.
        answer = session.request(
            "REPORT",
            self._url,
            data=_REPORT.encode(),
            headers={"Depth": "1", "Content-Type": "application/xml; charset=utf-8"},
            auth=auth or _nobody,
            timeout=_TIMEOUT,
            allow_redirects=False,
            stream=True,
        )
        kept = bytearray()
        for chunk in answer.iter_content(65_536):
            check()
            kept += chunk
            if len(kept) > MOST_BYTES:
                raise unreadable(Detail.BOOK_TOO_LARGE)
        return answer.status_code, answer.headers.get("WWW-Authenticate", ""), bytes(kept)


def _auth(asked: str, username: str, password: str) -> Any:
    from requests.auth import HTTPBasicAuth, HTTPDigestAuth

    if asked.startswith("digest"):
        return HTTPDigestAuth(username.encode(), password.encode())
    return HTTPBasicAuth(username.encode(), password.encode())


def _nobody(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """No password, not even one of ~/.netrc."""
    return request


def _entries(answer: bytes) -> Iterator[Entry]:
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        tree: Element = fromstring(answer)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise unreadable(Detail.ANSWER_UNREADABLE) from error
    if tree.tag != f"{_DAV}multistatus":
        raise unreadable(Detail.NO_BOOK)
    for response in tree.iter(f"{_DAV}response"):
        href = response.findtext(f"{_DAV}href") or ""
        for data in response.iter(f"{_CARD}address-data"):
            if (entry := _entry(href, data.text or "")) is not None:
                yield entry


def _entry(href: str, card: str) -> Entry | None:
    """A vCard as an entry; None for one that is broken: the others are still of use."""
    import vobject
    from vobject.base import ParseError as CardError

    try:
        found = vobject.readOne(_wanted_lines(card), ignoreUnreadable=True)
    except (CardError, StopIteration, ValueError, LookupError):  # LookupError: letters in no known encoding
        return None
    if getattr(found, "name", "") != "VCARD":
        return None
    content: dict[str, list[Any]] = found.contents
    phones = tuple(_phones(content.get("tel", [])))
    extension = next((number for label, number in phones if label == "Phone" and _is_extension(number)), "")
    return Entry(
        uid=_first(content, "uid") or href,
        name=_first(content, "fn"),
        phones=tuple(phone for phone in phones if phone[1] != extension),
        extension=extension,
        title=_first(content, "title"),
        department=_first(content, "org"),
        email=_first(content, "email"),
    )


def _wanted_lines(card: str) -> str:
    """The card without what nobody asked for: some servers send pictures all the same, and long lines take minutes."""
    lines = _FOLD.sub("", card).splitlines()
    return "\r\n".join([line for line in lines if len(line) <= _LONGEST_LINE and _LINE.match(line)][:_MOST_LINES])


def _phones(lines: list[Any]) -> Iterator[tuple[str, str]]:
    for line in lines:
        kinds = {str(kind).lower() for kind in line.params.get("TYPE", [])}
        label = next((word for kind, word in _LABELS if kind in kinds), "Phone")
        number = str(line.value).strip()
        if number.lower().startswith("tel:"):  # vCard 4 (RFC 6350 §6.4.1): a URI of RFC 3966
            number = number[4:]
        if label and number:
            yield label, number


def _is_extension(number: str) -> bool:
    """vCards have no word for an extension: a few digits at work are one."""
    return number.isdigit() and len(number) <= 6


def _first(content: dict[str, list[Any]], name: str) -> str:
    line = next(iter(content.get(name, [])), None)
    value = getattr(line, "value", "")
    # An organisation is a list: the company, then its units; the last one says most about a colleague.
    return str((value[-1] if value else "") if isinstance(value, list) else value)
