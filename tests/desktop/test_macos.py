"""Links and start at login on macOS, with a bundle on disk and Launch Services made of a dictionary."""

import plistlib
from pathlib import Path

import pytest

from app.errors import AppError, Detail
from app.words import sentence
from ui.desktop.launch import Launch
from ui.desktop.macos import MacDesktop
from ui.desktop.port import SCHEMES

OURS = "org.ringdown.ringdown"


class FakeLaunchServices:
    """Knows one other phone; ``status`` is what choosing answers."""

    def __init__(self) -> None:
        self.chosen = {"tel": "com.apple.FaceTime"}
        self.able = {"tel": ["com.apple.FaceTime", OURS]}
        self.status = 0

    def handler(self, scheme: str) -> str:
        return self.chosen.get(scheme, "")

    def handlers(self, scheme: str) -> list[str]:
        return self.able.get(scheme, [OURS])

    def set_handler(self, scheme: str, bundle_id: str) -> int:
        if not self.status:
            self.chosen[scheme] = bundle_id.lower()
        return self.status


def _bundle(folder: Path, schemes: tuple[str, ...] = SCHEMES) -> Path:
    contents = folder / "Ringdown.app" / "Contents"
    (contents / "MacOS").mkdir(parents=True)
    info = {"CFBundleIdentifier": OURS, "CFBundleURLTypes": [{"CFBundleURLSchemes": list(schemes)}]}
    (contents / "Info.plist").write_bytes(plistlib.dumps(info))
    return contents / "MacOS" / "Ringdown"


@pytest.fixture
def services() -> FakeLaunchServices:
    return FakeLaunchServices()


def _desktop(services: FakeLaunchServices, program: Path, home: Path) -> MacDesktop:
    return MacDesktop(services, lambda: Launch((str(program),)), program=program, home=home)


def test_the_bundle_is_chosen_and_gives_back(services: FakeLaunchServices, tmp_path: Path) -> None:
    desktop = _desktop(services, _bundle(tmp_path), tmp_path)
    assert not any(desktop.registered().values())
    desktop.register()
    assert all(desktop.registered().values())
    desktop.unregister()
    assert services.handler("tel").lower() == "com.apple.facetime"
    assert desktop.registered() == {scheme: scheme != "tel" for scheme in SCHEMES}


def test_macos_may_refuse(services: FakeLaunchServices, tmp_path: Path) -> None:
    services.status = -10814
    with pytest.raises(AppError) as told:
        _desktop(services, _bundle(tmp_path), tmp_path).register()
    assert sentence(told.value).endswith("macOS error -10814")


def test_only_what_the_bundle_declares(services: FakeLaunchServices, tmp_path: Path) -> None:
    desktop = _desktop(services, _bundle(tmp_path, ("tel",)), tmp_path)
    with pytest.raises(AppError):
        desktop.register()
    assert not any(desktop.registered().values())
    desktop.register(["tel"])
    assert desktop.registered()["tel"]


@pytest.mark.parametrize("content", [b"", b"<plist>", b"not a list", b"bplist00\xff"])
def test_a_broken_info_is_told(content: bytes, services: FakeLaunchServices, tmp_path: Path) -> None:
    program = _bundle(tmp_path)
    (program.parents[1] / "Info.plist").write_bytes(content)
    with pytest.raises(AppError):
        _desktop(services, program, tmp_path).register()


def test_outside_of_a_bundle_it_is_told(services: FakeLaunchServices, tmp_path: Path) -> None:
    desktop = _desktop(services, tmp_path / "bin" / "ringdown", tmp_path)
    with pytest.raises(AppError) as told:
        desktop.register()
    assert told.value.values["detail"] == Detail.ONLY_INSTALLED
    assert not any(desktop.registered().values())


def test_start_at_login(services: FakeLaunchServices, tmp_path: Path) -> None:
    program = _bundle(tmp_path)
    desktop = _desktop(services, program, tmp_path)
    assert not desktop.autostart()
    desktop.set_autostart(True)
    assert desktop.autostart()
    agent = next((tmp_path / "Library" / "LaunchAgents").iterdir())
    written = plistlib.loads(agent.read_bytes())
    assert written["Label"] == agent.stem
    assert written["ProgramArguments"] == ["/usr/bin/open", "-g", str(tmp_path / "Ringdown.app"), "--args", "--hidden"]
    assert not _desktop(services, _bundle(tmp_path / "moved"), tmp_path).autostart()
    desktop.set_autostart(False)
    assert not desktop.autostart()
    assert not agent.exists()


@pytest.mark.parametrize("content", [b"<plist>", b"nothing", b"\xff\xfe", b"<plist><array/></plist>"])
def test_a_broken_agent_is_off(content: bytes, services: FakeLaunchServices, tmp_path: Path) -> None:
    desktop = _desktop(services, _bundle(tmp_path), tmp_path)
    desktop.set_autostart(True)
    agent = next((tmp_path / "Library" / "LaunchAgents").iterdir())
    agent.write_bytes(content)
    assert not desktop.autostart()
