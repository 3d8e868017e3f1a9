"""What the log may say, and what it must not."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import log
from app.log import MaskingFormatter, mask


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("line main is registered", "line main is registered"),
        ("call to +14155550142 ended", "call to [number] ended"),
        ("call to 415 555 0142.", "call to [number]."),
        ("call to 415-555-0142", "call to [number]"),
        ("From: sip:alice@example.com;tag=1", "From: sip:[address];tag=1"),
        ("<SIPS:alice@[::1]:5061>", "<sip:[address]>"),
        ("mail of riley.chen+x@example.co.uk", "mail of sip:[address]"),
        ("said 'hello Ana' twice", "said [text] twice"),
        ('said "hello\nAna" twice', "said [text] twice"),
        ("said “hello Ana” twice", "said [text] twice"),
        ("b'hello Ana'", "b[text]"),
        ("didn't find 'Ana Flores' at 'Acme'", "didn't find [text] at [text]"),
        ("'Mia O'Hara' said so", "[text] said so"),
        ("status 404 after 3 tries", "status 404 after 3 tries"),
        ("file calls.py:123", "file calls.py:123"),
    ],
)
def test_numbers_addresses_and_quoted_text_are_masked(text: str, shown: str) -> None:
    assert mask(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer {}",
        "authorization: Basic {}",
        "Bearer {}",
        "token={}",
        "token: {}",
        "access_token={}&x=1",
        "refresh_token={}",
        "client_secret={}",
        '{{"password": "{}"}}',
        "{{'password': '{} with spaces'}}",
        "session_id: {}",
        "cookie sid=00D000000000001!{}",
        "https://alice:{}@example.com/x",
    ],
)
def test_no_secret_gets_through(text: str) -> None:
    secret = "AQ3xyz.Qwerty_zz"
    assert secret not in mask(text.format(secret))
    assert "with spaces" not in mask(text.format(secret))


@pytest.mark.parametrize("piece", ["x", "a-", "1(", "'a ", '"', "sip:", "@", "token ", "1 ", "“"])
def test_a_text_made_long_on_purpose_costs_no_time(piece: str) -> None:
    begun = time.process_time()
    assert len(mask(piece * 500_000)) < 20_000
    assert time.process_time() - begun < 2.0


def test_masking_twice_changes_nothing_more() -> None:
    once = mask("Bearer abc sip:a@h +14155550142 'x' password=1")
    assert mask(once) == once


def _record(message: str, *args: object, error: BaseException | None = None) -> logging.LogRecord:
    info = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("ringdown.test", logging.ERROR, "x.py", 1, message, args, info)


def test_arguments_are_masked_like_the_message() -> None:
    line = MaskingFormatter().format(_record("sent %r to %s", "hello Ana", "+14155550142"))
    assert line.endswith("ERROR ringdown.test sent [text] to [number]")


def test_a_message_cannot_forge_a_second_line() -> None:
    line = MaskingFormatter().format(_record("odd reply: %s", "x\n2026-11-20T00:00:00 INFO ringdown all is well"))
    assert "\n" not in line


def _fail(secret: str) -> None:
    raise ValueError(f"cannot send 'hello' to {secret}")


def test_a_traceback_keeps_places_and_loses_values() -> None:
    try:
        _fail("+14155550142")
    except ValueError as error:
        text = MaskingFormatter().format(_record("failed", error=error))
    lines = text.splitlines()
    assert lines[0].endswith("failed")
    assert lines[-1] == "  ValueError: cannot send [text] to [number]"
    assert any(line.startswith("  test_log.py:") and line.endswith("in _fail") for line in lines)
    assert "0142" not in text
    assert "hello" not in text


def test_an_exception_that_is_none_is_no_trouble() -> None:
    record = _record("odd")
    record.exc_info = (None, None, None)
    assert "odd" in MaskingFormatter().format(record)


@pytest.fixture
def root() -> Iterator[logging.Logger]:
    """The root logger, put back as it was."""
    found = logging.getLogger()
    before = (found.handlers, found.level, logging.raiseExceptions)
    chatty = {name: logging.getLogger(name).level for name in ("urllib3", "simple_salesforce", "keyring", "alembic")}
    yield found
    for handler in found.handlers:
        if handler not in before[0]:
            handler.close()
    found.handlers, logging.raiseExceptions = before[0], before[2]
    found.setLevel(before[1])
    for name, level in chatty.items():
        logging.getLogger(name).setLevel(level)


def test_the_file_is_small_masked_and_quiet_about_libraries(tmp_path: Path, root: logging.Logger) -> None:
    log.setup(tmp_path, "ringdown")
    log.logger("calls").info("call to %s", "+14155550142")
    logging.getLogger("urllib3").info("GET /secret")
    text = (tmp_path / "ringdown.log").read_text("utf-8")
    assert text.endswith("INFO ringdown.calls call to [number]\n")
    assert text.count("\n") == 1
    for _ in range(1_100):
        log.logger("calls").info("x" * 4_000)
    files = sorted(path.name for path in tmp_path.iterdir())
    assert files == ["ringdown.log", "ringdown.log.1", "ringdown.log.2", "ringdown.log.3"]
    assert all(path.stat().st_size <= 1_200_000 for path in tmp_path.iterdir())


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_silences_the_log_and_nothing_else(
    tmp_path: Path, root: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "ringdown.log").symlink_to("/dev/full")
    log.setup(tmp_path, "ringdown")
    log.logger("calls").error("one")
    log.logger("calls").error("two")
    assert capsys.readouterr().err == ""
    handler = root.handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    with pytest.raises(OSError, match="No space"):  # what could not be written is still in the stream's buffer
        handler.stream.close()
    handler.stream = None
