"""macOS Launch Services through ctypes: who opens links of a scheme."""

from __future__ import annotations

import ctypes
from typing import Any, Protocol

_UTF8 = 0x08000100
_FRAMEWORKS = "/System/Library/Frameworks"


class LaunchServices(Protocol):
    """The few calls `macos` needs. Any thread."""

    def handler(self, scheme: str) -> str:
        """Bundle identifier of the program for a scheme; empty when there is none."""
        ...

    def handlers(self, scheme: str) -> list[str]:
        """Every program that could take a scheme."""
        ...

    def set_handler(self, scheme: str, bundle_id: str) -> int:
        """Choose the program; 0 or the system's error number."""
        ...


class SystemLaunchServices:
    """The system's own. The calls are old and still the only ones without an Objective-C bridge."""

    def __init__(self) -> None:
        """Raises OSError on another system."""
        self._cf = ctypes.CDLL(f"{_FRAMEWORKS}/CoreFoundation.framework/CoreFoundation")
        self._ls = ctypes.CDLL(f"{_FRAMEWORKS}/CoreServices.framework/CoreServices")
        pointer, index = ctypes.c_void_p, ctypes.c_long
        _declare(self._cf.CFStringCreateWithCString, pointer, [pointer, ctypes.c_char_p, ctypes.c_uint32])
        _declare(self._cf.CFStringGetCString, ctypes.c_bool, [pointer, ctypes.c_char_p, index, ctypes.c_uint32])
        _declare(self._cf.CFArrayGetCount, index, [pointer])
        _declare(self._cf.CFArrayGetValueAtIndex, pointer, [pointer, index])
        _declare(self._cf.CFRelease, None, [pointer])
        _declare(self._ls.LSCopyDefaultHandlerForURLScheme, pointer, [pointer])
        _declare(self._ls.LSCopyAllHandlersForURLScheme, pointer, [pointer])
        _declare(self._ls.LSSetDefaultHandlerForURLScheme, ctypes.c_int32, [pointer, pointer])

    def handler(self, scheme: str) -> str:
        """As the seam says."""
        asked = self._string(scheme)
        found = self._ls.LSCopyDefaultHandlerForURLScheme(asked)
        self._cf.CFRelease(asked)
        if not found:
            return ""
        text = self._text(found)
        self._cf.CFRelease(found)
        return text

    def handlers(self, scheme: str) -> list[str]:
        """As the seam says."""
        asked = self._string(scheme)
        found = self._ls.LSCopyAllHandlersForURLScheme(asked)
        self._cf.CFRelease(asked)
        if not found:
            return []
        count = self._cf.CFArrayGetCount(found)
        texts = [self._text(self._cf.CFArrayGetValueAtIndex(found, at)) for at in range(count)]
        self._cf.CFRelease(found)
        return [text for text in texts if text]

    def set_handler(self, scheme: str, bundle_id: str) -> int:
        """As the seam says."""
        name, program = self._string(scheme), self._string(bundle_id)
        status = int(self._ls.LSSetDefaultHandlerForURLScheme(name, program))
        self._cf.CFRelease(name)
        self._cf.CFRelease(program)
        return status

    def _string(self, text: str) -> int:
        made = self._cf.CFStringCreateWithCString(None, text.encode(), _UTF8)
        if not made:
            raise MemoryError
        return int(made)

    def _text(self, string: int) -> str:
        room = ctypes.create_string_buffer(1024)
        if not self._cf.CFStringGetCString(string, room, len(room), _UTF8):
            return ""
        return room.value.decode("utf-8", "replace")


def _declare(function: Any, result: Any, arguments: list[Any]) -> None:
    function.restype, function.argtypes = result, arguments
