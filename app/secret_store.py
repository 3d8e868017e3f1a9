"""SecretStore on keyring, and in memory for the demo. The only module that imports keyring."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from app.errors import AppError, ErrorCode

Result = TypeVar("Result")

_SERVICE = "ringdown"
# A prompt of the system's store may stay open for ever; nobody waits longer than this for it.
DEADLINE = 60.0
# GNOME Keyring (42.1) ends once in some thousand times when two ask it at once. One who waits on a prompt, or for an
# answer that never comes, keeps the others only for a while.
TURN = 5.0
_turn = threading.Lock()


class KeyringSecrets:
    """The system's password store. Every entry carries the profile's name, so profiles never mix.

    Blocks up to ``deadline`` seconds on a prompt, for ever with None: worker threads only.
    """

    def __init__(self, profile_name: str, deadline: float | None = DEADLINE) -> None:
        self._prefix = profile_name
        self.deadline = deadline

    def backend(self) -> str:
        """The store's name as keyring knows it. Raises AppError KEYRING_MISSING when it is no real store."""
        try:
            import keyring
            from keyring.backends import fail, null

            found = keyring.get_keyring()
        except (ImportError, AttributeError) as error:  # keyring's own settings name a back end that is not there
            raise AppError(ErrorCode.KEYRING_MISSING, backend=str(error)) from error
        name = f"{type(found).__module__}.{type(found).__name__}"
        # A plain-text back end would quietly put passwords on the disk; keyring calls such a back end not recommended
        # by a priority below 1.
        if isinstance(found, fail.Keyring | null.Keyring) or found.priority < 1:
            raise AppError(ErrorCode.KEYRING_MISSING, backend=name)
        return name

    def get(self, name: str) -> str | None:
        """The secret or None. Raises AppError KEYRING_MISSING or KEYRING_LOCKED."""
        self.backend()
        import keyring

        return _with_deadline(lambda: keyring.get_password(_SERVICE, f"{self._prefix}/{name}"), self.deadline)

    def set(self, name: str, value: str) -> None:
        """Store or replace. Raises as `get`."""
        self.backend()
        import keyring

        _with_deadline(lambda: keyring.set_password(_SERVICE, f"{self._prefix}/{name}", value), self.deadline)

    def delete(self, name: str) -> None:
        """Forget; a missing name is fine."""
        self.backend()
        import keyring
        from keyring.errors import PasswordDeleteError

        def forget() -> None:
            try:
                keyring.delete_password(_SERVICE, f"{self._prefix}/{name}")
            except PasswordDeleteError:
                return  # there was none

        _with_deadline(forget, self.deadline)


class MemorySecrets:
    """Secrets that end with the process: the demo's."""

    def __init__(self) -> None:
        self._secrets: dict[str, str] = {}

    def backend(self) -> str:
        """What this store is called."""
        return "memory"

    def get(self, name: str) -> str | None:
        """The secret or None."""
        return self._secrets.get(name)

    def set(self, name: str, value: str) -> None:
        """Keep it."""
        self._secrets[name] = value

    def delete(self, name: str) -> None:
        """Forget it."""
        self._secrets.pop(name, None)


def _with_deadline(work: Callable[[], Result], deadline: float | None) -> Result:
    """Run a keyring call, translate its errors, and stop waiting for a prompt nobody answers."""
    from keyring.errors import KeyringError, KeyringLocked, NoKeyringError

    results: list[Result] = []
    errors: list[Exception] = []

    def ask() -> Result:
        try:
            return work()
        except (KeyringLocked, NoKeyringError):
            raise
        except KeyringError:  # it has ended under the question; the session bus starts it again for the next one
            return work()

    def job() -> None:
        mine = _turn.acquire(timeout=TURN)
        try:
            results.append(ask())
        except Exception as error:  # noqa: BLE001 - raised again below, on the caller's thread
            errors.append(error)
        finally:
            if mine:
                _turn.release()

    thread = threading.Thread(target=job, name="keyring", daemon=True)
    thread.start()
    thread.join(deadline)
    if thread.is_alive():
        raise AppError(ErrorCode.KEYRING_LOCKED)
    if errors:
        match error := errors[0]:
            case KeyringLocked():
                raise AppError(ErrorCode.KEYRING_LOCKED) from error
            case NoKeyringError():
                raise AppError(ErrorCode.KEYRING_MISSING, backend="none") from error
            case KeyringError() | OSError():
                raise AppError(ErrorCode.KEYRING_MISSING, backend=type(error).__name__) from error
            case _ if type(error).__module__ != "builtins":  # a library below keyring speaks for itself
                raise AppError(ErrorCode.KEYRING_MISSING, backend=type(error).__name__) from error
            case _:
                raise error
    return results[0]
