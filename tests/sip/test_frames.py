"""The bytes of media frames survive the short way, and the long one."""

from __future__ import annotations

import pjsua2 as pj
import pytest

from sip.engine import frames


@pytest.fixture(params=[True, False], ids=["at once", "one by one"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames, "FAST", request.param)


def test_the_short_way_is_open_here() -> None:
    assert frames.FAST


@pytest.mark.parametrize("size", [0, 1, 320, 640, 1280])
def test_what_is_written_is_read(way: None, size: int) -> None:
    frame, writer = pj.MediaFrame(), frames.Writer()
    for turn in range(3):
        data = bytes((turn + at) % 256 for at in range(size))
        writer.write(frame, data)
        assert frames.read(frame) == data
        assert bytes(frame.buf) == data


def test_a_frame_keeps_its_bytes_when_the_next_is_written(way: None) -> None:
    one, other, writer = pj.MediaFrame(), pj.MediaFrame(), frames.Writer()
    writer.write(one, b"\1\2\3\4")
    writer.write(other, b"\5\6\7\10")
    writer.write(other, b"\11\12\13")
    assert frames.read(one) == b"\1\2\3\4"
    assert frames.read(other) == b"\11\12\13"
