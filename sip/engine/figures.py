"""One call's quality as the library tells it → `CallQuality`. Engine thread only."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pjsua2 as pj

from app.domain.call import CallQuality
from sip.engine.invite import is_encrypted
from sip.engine.log import logger
from sip.engine.quality import Gauge, Reading

AUDIO = 1  # PJMEDIA_TYPEAUDIO
_LEAST = 50  # packets: a second
_SILENT = 150  # packets sent without one that came
_LETTING_GO = 0.1  # seconds; a bridge whose clock has stopped never does


class CallFigures:
    """Reads a call's counters. It keeps no reference to the call."""

    def __init__(self, call_id: str) -> None:
        self._call_id = call_id
        self._gauge = Gauge()
        self._codec = ""
        self._encrypted = False

    def stream_ends(self, call: pj.Call, index: int) -> None:
        """Hold, re-INVITE, the end: the last moment the counters of this stream can be read."""
        self._read(call, index)
        self._note_stream(call, index)
        self._gauge.restart()

    def tell(self, call: pj.Call) -> CallQuality | None:
        """What the last seconds were like; None without sound. Raises pj.Error when the call is over."""
        index = audio_index(call)
        if index < 0 or not self._read(call, index):
            return None
        self._note_stream(call, index)
        return self._told()

    def farewell(self) -> CallQuality | None:
        """What was not told yet of a call that has ended; None when less than a second of sound has come.

        Its counters are gone by now: they were read as its stream ended.
        """
        return self._told() if self._codec and self._gauge.untold[0] >= _LEAST else None

    def _told(self) -> CallQuality:
        found = self._gauge.tell(self._codec)
        silent = not found.received and found.sent >= _SILENT
        return CallQuality(
            self._call_id,
            datetime.now(UTC),
            self._codec,
            self._encrypted,
            round(found.loss, 4),
            round(found.total_loss, 4),
            round(found.jitter_ms, 1),
            round(found.rtt_ms, 1),
            1.0 if silent else round(found.mos, 2),
            round(found.received_loss, 4),
            round(found.sent_loss, 4),
            silent,
        )

    def _note_stream(self, call: pj.Call, index: int) -> None:
        try:
            self._codec = str(call.getStreamInfo(index).codecName)
            self._encrypted = is_encrypted(call.dump(True, ""))
        except pj.Error as error:
            logger.info("no stream (%s)", error.status)

    def _read(self, call: pj.Call, index: int) -> bool:
        try:
            stat = call.getStreamStat(index)
        except pj.Error as error:
            logger.info("no figures (%s)", error.status)
            return False
        counted = stat.rtcp
        received, sent = counted.rxStat, counted.txStat
        jitter = max(int(received.jitterUsec.last), int(sent.jitterUsec.last)) / 1000
        rtt = int(counted.rttUsec.last) / 1000
        self._gauge.add(Reading(int(received.pkt), int(received.loss), int(sent.pkt), int(sent.loss), jitter, rtt))
        return True


def packets_sent(call: pj.Call, index: int) -> int:
    """How many this stream has sent; -1 when it is over."""
    try:
        stat = call.getStreamStat(index)  # its figures die with it
    except pj.Error:
        return -1
    return int(stat.rtcp.txStat.pkt)


def all_packets_sent(call: pj.Call, index: int, slot: int) -> int:
    """The same of a stream that ends, of which no more will be sent.

    The library only asks its bridge to let go of the stream, at the ``slot`` it has there. The bridge's thread may be
    in the middle of a packet then, sent and not counted, and does it with its next frame, 20 ms later at most.
    """
    deadline = time.monotonic() + _LETTING_GO
    while _is_plugged_in(slot) and time.monotonic() < deadline:
        time.sleep(0.001)
    return packets_sent(call, index)


def _is_plugged_in(slot: int) -> bool:
    try:
        pj.AudioMedia.getPortInfoFromId(slot)
    except pj.Error:
        return False
    return True


def audio_index(call: pj.Call) -> int:
    """The index of the call's sound, -1 without. Raises pj.Error when the call is over."""
    info = call.getInfo()  # its media die with it
    return next((int(media.index) for media in info.media if media.type == AUDIO), -1)
