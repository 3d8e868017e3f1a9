"""One call's quality as the library tells it → `CallQuality`. Engine thread only."""

from __future__ import annotations

from datetime import UTC, datetime

import pjsua2 as pj

from app.domain.call import CallQuality
from sip.engine.log import logger
from sip.engine.quality import Gauge, Reading

_AUDIO = 1  # PJMEDIA_TYPE_AUDIO


class CallFigures:
    """Reads a call's counters. It keeps no reference to the call."""

    def __init__(self, call_id: str) -> None:
        self._call_id = call_id
        self._gauge = Gauge()

    def stream_ends(self, call: pj.Call, index: int) -> None:
        """Hold, re-INVITE, the end: the last moment the counters of this stream can be read."""
        self._read(call, index)
        self._gauge.restart()

    def tell(self, call: pj.Call) -> CallQuality | None:
        """What the last seconds were like; None without sound. Raises pj.Error when the call is over."""
        info = call.getInfo()  # its media die with it
        index = next((int(media.index) for media in info.media if media.type == _AUDIO), -1)
        if index < 0 or not self._read(call, index):
            return None
        codec = str(call.getStreamInfo(index).codecName)
        found = self._gauge.tell(codec)
        return CallQuality(
            self._call_id,
            datetime.now(UTC),
            codec,
            # Nothing else of the library says whether SRTP is really on.
            "SRTP status: Active" in call.dump(True, ""),
            round(found.loss, 4),
            round(found.total_loss, 4),
            round(found.jitter_ms, 1),
            round(found.rtt_ms, 1),
            round(found.mos, 2),
        )

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
