"""Named loggers, and the filter that keeps numbers, names, texts and tokens out of every line."""

from __future__ import annotations

import logging
import logging.handlers
import re
from io import TextIOWrapper
from pathlib import Path

from app.paths import private_opener

# A pattern looks at every place of a text, so a text somebody made long on purpose is cut first.
_LONGEST = 4_000
_SECRETS = re.compile(
    r"(?i)(?P<label>\b[\w-]{0,32}(?:bearer|password|token|secret|authorization|session_id)['\"]?\s*[:= ]\s*)"
    r"(?:(?:bearer|basic|digest|oauth)\s+)?(?:\"[^\"]*\"|'[^']*'|\S+)"
    r"|00D[A-Za-z0-9]{12,15}![A-Za-z0-9._]+"
)
_SIP = re.compile(r"sips?:[^\s>;,\"]+|[\w.+-]{1,64}@[\w.-]+", re.IGNORECASE)
_NUMBERS = re.compile(r"\+?[0-9][0-9()\s.-]{5,}[0-9]")
# An apostrophe inside a word opens no quotation, or the pairs would be off by one from there on.
_QUOTED = re.compile(r"\".*?\"|(?:(?<!\w)|(?<=\bb))'.*?'(?!\w)|“.*?”", re.DOTALL)


def mask(text: str) -> str:
    """The text without what could name a person or open a door: tokens, SIP addresses, long numbers, quoted values."""
    text = _SECRETS.sub(lambda found: (found["label"] or "") + "[secret]", text[:_LONGEST])
    text = _SIP.sub("sip:[address]", text)
    text = _NUMBERS.sub("[number]", text)
    return _QUOTED.sub("[text]", text)


class MaskingFormatter(logging.Formatter):
    """Masks message, arguments and traceback text alike; the frames of a traceback keep file and line."""

    def format(self, record: logging.LogRecord) -> str:
        """One masked line, with masked traceback lines below it when there are any."""
        stamp = self.formatTime(record, "%Y-%m-%dT%H:%M:%S")
        text = f"{stamp} {record.levelname} {record.name} {mask(record.getMessage()).replace(chr(10), ' ')}"
        if record.exc_info:
            text += "\n" + "\n".join(_frames(record))
        return text


def _frames(record: logging.LogRecord) -> list[str]:
    import traceback

    assert record.exc_info is not None
    kind, error, tb = record.exc_info
    lines = [f"  {Path(f.filename).name}:{f.lineno} in {f.name}" for f in traceback.extract_tb(tb)]
    return [*lines, f"  {kind.__name__ if kind else ''}: {mask(str(error))}"]


class _PrivateFile(logging.handlers.RotatingFileHandler):
    def _open(self) -> TextIOWrapper:
        return open(self.baseFilename, self.mode, encoding=self.encoding, opener=private_opener)  # type: ignore[return-value]


def setup(folder: Path, name: str) -> None:
    """Log to ``folder/name.log``, four files of 1 MB at most. A full disk silences the log, nothing else."""
    handler = _PrivateFile(folder / f"{name}.log", maxBytes=1_000_000, backupCount=3, encoding="utf-8", delay=True)
    handler.setFormatter(MaskingFormatter())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    logging.raiseExceptions = False
    for chatty in ("urllib3", "simple_salesforce", "keyring", "alembic", "sqlalchemy"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def logger(name: str) -> logging.Logger:
    """The logger of one module."""
    return logging.getLogger(f"ringdown.{name}")
