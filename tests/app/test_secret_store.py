"""Secrets in the system's password store, stood in for by a keyring back end in memory."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator

import keyring
import keyring.backends.fail
import keyring.backends.null
import keyring.errors
import pytest
from keyring.backend import KeyringBackend

from app import secret_store
from app.errors import AppError, ErrorCode
from app.ports.system import SecretStore
from app.secret_store import KeyringSecrets, MemorySecrets


class MemoryKeyring(KeyringBackend):
    """A store worth trusting; ``error`` is raised instead of an answer, ``gate`` is waited for before one."""

    priority = 5

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}
        self.error: Exception | None = None
        self.gate: threading.Event | None = None

    def _enter(self) -> None:
        if self.gate is not None:
            self.gate.wait(30)
        if self.error is not None:
            raise self.error

    def get_password(self, service: str, username: str) -> str | None:
        """As keyring says."""
        self._enter()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        """As keyring says."""
        self._enter()
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        """As keyring says."""
        self._enter()
        if self.kept.pop((service, username), None) is None:
            raise keyring.errors.PasswordDeleteError("not found")


class TheirError(Exception):
    """What a library below keyring raises."""


class PlainTextKeyring(MemoryKeyring):
    """Like a back end that writes passwords to a file: keyring gives such a one a priority below 1."""

    priority = 0.5  # type: ignore[assignment]


@pytest.fixture
def use() -> Iterator[MemoryKeyring]:
    """A trusted store in place of the system's."""
    before = keyring.get_keyring()
    backend = MemoryKeyring()
    keyring.set_keyring(backend)
    yield backend
    keyring.set_keyring(before)


def every_call(store: SecretStore) -> Iterator[AppError]:
    """The error each call ends in."""
    for call in (lambda: store.get("a"), lambda: store.set("a", "b"), lambda: store.delete("a")):
        with pytest.raises(AppError) as caught:
            call()  # type: ignore[no-untyped-call]
        yield caught.value


@pytest.mark.parametrize("kind", ["keyring", "memory"])
def test_both_stores_keep_replace_and_forget(use: MemoryKeyring, kind: str) -> None:
    store: SecretStore = KeyringSecrets("profile") if kind == "keyring" else MemorySecrets()
    assert store.get("line:main") is None
    store.set("line:main", "päss'\"\n字")
    assert store.get("line:main") == "päss'\"\n字"
    store.set("line:main", "other")
    assert store.get("line:main") == "other"
    assert store.get("line:mai") is None
    store.delete("line:main")
    assert store.get("line:main") is None
    store.delete("line:main")


def test_profiles_never_mix(use: MemoryKeyring) -> None:
    one, two = KeyringSecrets("one"), KeyringSecrets("two")
    one.set("a", "1")
    two.set("a", "2")
    one.delete("a")
    assert (one.get("a"), two.get("a")) == (None, "2")
    assert set(use.kept) == {("ringdown", "two/a")}


def test_memory_leaves_nothing_to_the_next_one() -> None:
    MemorySecrets().set("a", "1")
    assert MemorySecrets().get("a") is None
    assert MemorySecrets().backend() == "memory"


def test_the_store_is_named(use: MemoryKeyring) -> None:
    assert KeyringSecrets("p").backend().endswith(".MemoryKeyring")


@pytest.mark.parametrize("make", [PlainTextKeyring, keyring.backends.fail.Keyring, keyring.backends.null.Keyring])
def test_what_is_no_real_store_is_refused_before_anything_is_written(
    use: MemoryKeyring, make: type[KeyringBackend]
) -> None:
    backend = make()
    keyring.set_keyring(backend)
    for error in every_call(KeyringSecrets("p")):
        assert error.code is ErrorCode.KEYRING_MISSING
        assert "eyring" in str(error.values["backend"])
    assert not getattr(backend, "kept", {})


@pytest.mark.parametrize(
    ("raised", "code"),
    [
        (keyring.errors.KeyringLocked("locked"), ErrorCode.KEYRING_LOCKED),
        (keyring.errors.NoKeyringError("none"), ErrorCode.KEYRING_MISSING),
        (keyring.errors.InitError("no bus"), ErrorCode.KEYRING_MISSING),
        (keyring.errors.KeyringError("odd"), ErrorCode.KEYRING_MISSING),
        (FileNotFoundError("the bus is gone"), ErrorCode.KEYRING_MISSING),
        (TheirError("the store was ended"), ErrorCode.KEYRING_MISSING),
    ],
)
def test_keyrings_errors_are_told_apart(use: MemoryKeyring, raised: Exception, code: ErrorCode) -> None:
    use.error = raised
    assert [error.code for error in every_call(KeyringSecrets("p"))] == [code] * 3


@pytest.mark.parametrize("name", ["keyring.backends.nowhere.Keyring", "keyring.backends.Nobody", "nothing.at.All"])
def test_a_back_end_that_is_named_but_not_there(name: str) -> None:
    """In the environment or in keyring's own file: what an admin once installed, and another has taken away."""
    program = (
        "from app.errors import AppError\n"
        "from app.secret_store import KeyringSecrets\n"
        "try:\n    KeyringSecrets('p').get('a')\n"
        "except AppError as error:\n    print(error.code, error.values['backend'])"
    )
    env = {**os.environ, "PYTHON_KEYRING_BACKEND": name}
    done = subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("keyring-missing ")


def test_a_bug_stays_a_bug(use: MemoryKeyring) -> None:
    use.error = ZeroDivisionError()
    with pytest.raises(ZeroDivisionError):
        KeyringSecrets("p").get("a")


def test_a_prompt_nobody_answers_ends_in_locked(use: MemoryKeyring) -> None:
    use.gate = threading.Event()
    with pytest.raises(AppError, match=ErrorCode.KEYRING_LOCKED):
        KeyringSecrets("p", deadline=0.05).get("a")
    use.gate.set()


class CrowdedKeyring(MemoryKeyring):
    """Counts how many ask at once; each stays until ``most`` are there, or it has waited a little."""

    def __init__(self) -> None:
        super().__init__()
        self.most = 0
        self._here = 0
        self._lock = threading.Lock()
        self._two = threading.Event()

    def _enter(self) -> None:
        with self._lock:
            self._here += 1
            self.most = max(self.most, self._here)
            if self._here > 1:
                self._two.set()
        self._two.wait(0.05)
        with self._lock:
            self._here -= 1


def _ask_at_once(store: KeyringSecrets, names: str) -> None:
    threads = [threading.Thread(target=store.get, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)


def test_it_is_asked_one_thing_at_a_time(use: MemoryKeyring) -> None:
    crowded = CrowdedKeyring()
    keyring.set_keyring(crowded)
    _ask_at_once(KeyringSecrets("profile"), "abcd")
    assert crowded.most == 1


def test_an_answer_that_never_comes_does_not_keep_the_others(
    use: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secret_store, "TURN", 0.01)
    hangs = MemoryKeyring()
    hangs.gate = threading.Event()
    keyring.set_keyring(hangs)
    with pytest.raises(AppError, match=ErrorCode.KEYRING_LOCKED):
        KeyringSecrets("profile", deadline=0.01).get("a")
    keyring.set_keyring(use)
    KeyringSecrets("profile").set("b", "known")
    assert KeyringSecrets("profile").get("b") == "known"
    hangs.gate.set()


def test_a_store_that_ends_under_the_question_is_asked_once_more(use: MemoryKeyring) -> None:
    class Ending(MemoryKeyring):
        def _enter(self) -> None:
            error, self.error = self.error, None
            if error is not None:
                raise error

    ending = Ending()
    keyring.set_keyring(ending)
    ending.error = keyring.errors.InitError("Message recipient disconnected from message bus without replying.")
    KeyringSecrets("profile").set("a", "known")
    assert KeyringSecrets("profile").get("a") == "known"
