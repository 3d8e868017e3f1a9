"""The library's settings for the far end: quiet, on 127.0.0.1 only, no echo canceller, no encryption."""

import random
from typing import Any

import pjsua2 as pj

_FIRST_MEDIA_PORT = 20000
_MEDIA_PORTS = 8000

CODECS = {"PCMU/8000": 255, "G722/16000": 254, "PCMA/8000": 253}


def endpoint(log_level: int) -> Any:
    """The endpoint's settings. `log_level` 0 is silent, 5 shows every packet on standard output."""
    cfg = pj.EpConfig()
    cfg.uaConfig.threadCnt = 0
    cfg.uaConfig.mainThreadOnly = True
    cfg.uaConfig.maxCalls = 4
    cfg.uaConfig.userAgent = "Ringdown far end"
    cfg.logConfig.level = cfg.logConfig.consoleLevel = log_level
    cfg.medConfig.clockRate = 16000
    cfg.medConfig.ecTailLen = 0
    cfg.medConfig.noVad = True
    return cfg


def transport(port: int) -> Any:
    """A socket on 127.0.0.1; a free port when `port` is 0."""
    cfg = pj.TransportConfig()
    cfg.boundAddress = "127.0.0.1"
    cfg.port = port
    return cfg


def account(uri: str) -> Any:
    """An account without registration whose media stays on 127.0.0.1."""
    cfg = pj.AccountConfig()
    cfg.idUri = uri
    cfg.mwiConfig.enabled = False
    media = cfg.mediaConfig
    media.srtpUse = 0
    media.transportConfig.boundAddress = "127.0.0.1"
    # Several far ends may run side by side: each starts somewhere else and skips what is taken.
    media.transportConfig.port = _FIRST_MEDIA_PORT + 2 * random.randrange(_MEDIA_PORTS // 2)
    media.transportConfig.portRange = 2000
    return cfg


def choose_codecs(house: Any) -> None:
    """Only what a telephone network speaks: offers stay short, so that they fit a UDP packet."""
    codecs = house.codecEnum2()  # kept: its entries are freed with it
    for codec in codecs:
        wanted = next((rank for name, rank in CODECS.items() if codec.codecId.startswith(name)), 0)
        house.codecSetPriority(codec.codecId, wanted)
