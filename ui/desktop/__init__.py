"""What differs from desktop to desktop: links, start at login, network and sleep. One module a system."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ui.desktop.port import Desktop


def this_desktop() -> Desktop:
    """The Desktop of the system Ringdown runs on. Any system that is neither Windows nor macOS follows freedesktop."""
    if sys.platform == "win32":
        from ui.desktop.registry import WindowsRegistry
        from ui.desktop.windows import WindowsDesktop

        return WindowsDesktop(WindowsRegistry())
    if sys.platform == "darwin":
        from ui.desktop.launch_services import SystemLaunchServices
        from ui.desktop.macos import MacDesktop

        return MacDesktop(SystemLaunchServices())
    from ui.desktop.linux import LinuxDesktop

    return LinuxDesktop()
