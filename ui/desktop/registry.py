"""The current user's registry on Windows, behind a seam small enough for a dictionary."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from typing import Protocol

from app.errors import AppError, ErrorCode, system_detail

_NOT_WINDOWS = "there is a registry on Windows only"


class Registry(Protocol):
    """HKEY_CURRENT_USER. Keys are paths with backslashes; the name of a key's default value is empty.

    Every method raises AppError FILE_UNREADABLE when Windows refuses.
    """

    def get(self, key: str, name: str) -> str | bytes | None:
        """The value, None when key or value is missing or of another type."""
        ...

    def set(self, key: str, name: str, value: str) -> None:
        """Write a string, with every key on the way."""
        ...

    def delete_value(self, key: str, name: str) -> None:
        """Forget one value; a missing one is fine."""
        ...

    def delete_tree(self, key: str) -> None:
        """Forget a key with everything below it; a missing one is fine."""
        ...

    def announce(self) -> None:
        """Tell the shell that link handlers have changed."""
        ...


class WindowsRegistry:
    """The real one."""

    def get(self, key: str, name: str) -> str | bytes | None:
        """As the seam says."""
        if sys.platform == "win32":
            import winreg

            with _refusals(key):
                try:
                    with winreg.OpenKey(winreg.HKEY_CURRENT_USER, key) as opened:
                        value, _ = winreg.QueryValueEx(opened, name)
                except FileNotFoundError:
                    return None
                return value if isinstance(value, str | bytes) else None
        else:
            raise NotImplementedError(_NOT_WINDOWS)

    def set(self, key: str, name: str, value: str) -> None:
        """As the seam says."""
        if sys.platform == "win32":
            import winreg

            with _refusals(key), winreg.CreateKey(winreg.HKEY_CURRENT_USER, key) as opened:
                winreg.SetValueEx(opened, name, 0, winreg.REG_SZ, value)
        else:
            raise NotImplementedError(_NOT_WINDOWS)

    def delete_value(self, key: str, name: str) -> None:
        """As the seam says."""
        if sys.platform == "win32":
            import winreg

            with _refusals(key), contextlib.suppress(FileNotFoundError):
                with winreg.OpenKey(winreg.HKEY_CURRENT_USER, key, 0, winreg.KEY_SET_VALUE) as opened:
                    winreg.DeleteValue(opened, name)
        else:
            raise NotImplementedError(_NOT_WINDOWS)

    def delete_tree(self, key: str) -> None:
        """As the seam says."""
        if sys.platform == "win32":
            import winreg

            with _refusals(key), contextlib.suppress(FileNotFoundError):
                with winreg.OpenKey(winreg.HKEY_CURRENT_USER, key) as opened:
                    below = [winreg.EnumKey(opened, at) for at in range(winreg.QueryInfoKey(opened)[0])]
                for name in below:
                    self.delete_tree(f"{key}\\{name}")
                winreg.DeleteKey(winreg.HKEY_CURRENT_USER, key)
        else:
            raise NotImplementedError(_NOT_WINDOWS)

    def announce(self) -> None:
        """As the seam says."""
        if sys.platform == "win32":
            import ctypes

            association_changed = 0x08000000
            ctypes.windll.shell32.SHChangeNotify(association_changed, 0, None, None)
        else:
            raise NotImplementedError(_NOT_WINDOWS)


@contextlib.contextmanager
def _refusals(key: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        where = f"HKEY_CURRENT_USER\\{key}"
        raise AppError(ErrorCode.FILE_UNREADABLE, path=where, detail=system_detail(error)) from error
