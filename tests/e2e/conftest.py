"""Peers started once for the run, and a fresh profile for each test that asks for one."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Generator, Iterator, Mapping
from pathlib import Path

import pytest

from sip.standin import speech
from tests.e2e.ringdown import Ringdown, provisioning
from tests.peers.child import plain_env
from tests.peers.far_end import FarEnd
from tests.peers.pulse import Pulse
from tests.peers.salesforce import Salesforce
from tests.peers.secret_service import SecretService
from tests.peers.sound import Clip

MakeApp = Callable[..., Ringdown]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Function, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """What the app wrote stands beside the failure."""
    report = yield
    made = item.funcargs.get("app")
    if report.failed and call.when == "call" and isinstance(made, Ringdown):
        report.sections.append(("the app's logs", made.logs()[-8000:]))
    return report


@pytest.fixture(scope="session")
def short_folder() -> Iterator[Path]:
    """A folder whose path is short enough for sockets."""
    folder = Path(tempfile.mkdtemp(prefix="rd-", dir="/tmp"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def secret_service(short_folder: Path) -> Iterator[SecretService]:
    """A real password store, unlocked."""
    with SecretService(short_folder / "keys") as running:
        yield running


@pytest.fixture(scope="session")
def pulse(short_folder: Path) -> Iterator[Pulse]:
    """Virtual sound devices."""
    with Pulse(short_folder / "sound") as running:
        yield running


@pytest.fixture(scope="session")
def far_end(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FarEnd]:
    """A carrier in a box."""
    with FarEnd(tmp_path_factory.mktemp("far-end"), "--no-replies") as running:
        yield running


@pytest.fixture(scope="session")
def org(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Salesforce]:
    """The Salesforce stand-in, shared."""
    with Salesforce(tmp_path_factory.mktemp("salesforce")) as running:
        yield running


@pytest.fixture
def salesforce(org: Salesforce) -> Salesforce:
    """The Salesforce stand-in with a fresh org that holds nobody but its users."""
    org.reset(empty=True)
    return org


@pytest.fixture(scope="session")
def env(short_folder: Path, secret_service: SecretService) -> Mapping[str, str]:
    """The environment of the app: a password store, a bus, no sound."""
    home = short_folder / "home"
    home.mkdir()
    return plain_env(home, **secret_service.env, PULSE_SERVER=f"unix:{short_folder}/nowhere")


@pytest.fixture
def make_app(tmp_path: Path, env: Mapping[str, str]) -> Iterator[MakeApp]:
    """Makes profiles; everything of them is ended with the test."""
    made: list[Ringdown] = []

    def make(name: str = "profile", **more: str) -> Ringdown:
        app = Ringdown(tmp_path / name, {**env, **more})
        made.append(app)
        return app

    yield make
    for app in made:
        app.close()


@pytest.fixture
def app(make_app: MakeApp) -> Ringdown:
    """An empty profile; nothing runs yet."""
    return make_app()


@pytest.fixture
def ready(app: Ringdown, far_end: FarEnd, salesforce: Salesforce, tmp_path: Path) -> Ringdown:
    """The app on a fresh profile, with a line to the far end, signed in."""
    app.provision(
        provisioning(
            tmp_path / "provisioning.toml",
            line={"uri": f"sip:riley@{far_end.sip}"},
            salesforce=(salesforce.url, salesforce.token),
        )
    )
    return app.start(registered=True)


@pytest.fixture(scope="module")
def module_desk(
    tmp_path_factory: pytest.TempPathFactory, env: Mapping[str, str], far_end: FarEnd
) -> Iterator[Ringdown]:
    """One app for all tests of a file; no Salesforce."""
    folder = tmp_path_factory.mktemp("desk")
    with Ringdown(folder / "profile", env) as app:
        app.provision(provisioning(folder / "provisioning.toml", line={"uri": f"sip:riley@{far_end.sip}"}))
        yield app.start(registered=True)


@pytest.fixture
def desk(module_desk: Ringdown) -> Iterator[Ringdown]:
    """The file's app, without live calls: for tests that look at their own calls and texts only."""
    yield module_desk
    module_desk.hang_up_all()


@pytest.fixture(scope="session")
def rep() -> Clip:
    """What the rep says."""
    return Clip.read(speech.path(speech.Sound.MENU))


@pytest.fixture(scope="session")
def person() -> Clip:
    """What the other side says."""
    return Clip.read(speech.path(speech.Sound.GREETING))
