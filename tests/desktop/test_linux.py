"""Links and start at login on Linux, in real files and asked through the system's own tools."""

import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from app import cli
from app.errors import AppError, ErrorCode
from tests.desktop.conftest import Home
from ui.desktop import this_desktop
from ui.desktop.launch import Launch
from ui.desktop.linux import AUTOSTART_ID, LINKS_ID, LinuxDesktop
from ui.desktop.port import SCHEMES

HOSTILE = [
    "tel:+14155550123;$(touch${IFS}pwned)",
    "tel:`touch pwned`",
    'tel:"; touch pwned; "',
    "tel:' --data-dir=/evil '",
    "sms:+1?body=%22%20--demo&x=|cat",
    "ringdown:call?to=%2B1&about=006",
    "tel:\\\\host\\share",
]


def _needs(tool: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(tool) is None, reason=f"{tool} is not installed")


def _asked(scheme: str) -> str:
    query = ["xdg-mime", "query", "default", f"x-scheme-handler/{scheme}"]
    return subprocess.run(query, capture_output=True, text=True, check=False).stdout.strip()


def test_this_desktop_is_the_freedesktop_one() -> None:
    assert isinstance(this_desktop(), LinuxDesktop)


def test_nothing_is_registered_at_first(home: Home) -> None:
    desktop = LinuxDesktop(home.launch)
    assert dict(desktop.registered()) == dict.fromkeys(SCHEMES, False)
    desktop.unregister()
    assert not home.lists.exists()


@_needs("xdg-mime")
def test_the_system_finds_us_for_every_scheme(home: Home) -> None:
    desktop = LinuxDesktop(home.launch)
    desktop.register()
    assert dict(desktop.registered()) == dict.fromkeys(SCHEMES, True)
    assert [_asked(scheme) for scheme in SCHEMES] == [LINKS_ID] * len(SCHEMES)
    desktop.unregister()
    assert dict(desktop.registered()) == dict.fromkeys(SCHEMES, False)
    assert [_asked(scheme) for scheme in SCHEMES] == [""] * len(SCHEMES)


@_needs("desktop-file-validate")
def test_both_entries_are_valid(home: Home) -> None:
    desktop = LinuxDesktop(home.launch)
    desktop.register()
    desktop.set_autostart(True)
    files = [home.data / "applications" / LINKS_ID, home.config / "autostart" / AUTOSTART_ID]
    done = subprocess.run(["desktop-file-validate", *map(str, files)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_some_schemes_only_and_fewer_later(home: Home) -> None:
    desktop = LinuxDesktop(home.launch)
    desktop.register(["tel", "sms"])
    assert {scheme for scheme, ours in desktop.registered().items() if ours} == {"tel", "sms"}
    desktop.register(["sms"])
    assert {scheme for scheme, ours in desktop.registered().items() if ours} == {"sms"}
    with pytest.raises(ValueError, match="https"):
        desktop.register(["https"])


def test_the_program_before_us_gets_its_links_back(home: Home) -> None:
    home.install("kdeconnect.desktop")
    home.lists.write_text(
        "[Default Applications]\nx-scheme-handler/tel=gone.desktop;kdeconnect.desktop\ntext/x=vim.desktop\n"
    )
    desktop = LinuxDesktop(home.launch)
    assert not desktop.registered()["tel"]
    desktop.register()
    assert desktop.registered()["tel"]
    desktop.unregister()
    assert "x-scheme-handler/tel=gone.desktop;kdeconnect.desktop;\ntext/x=vim.desktop\n" in home.lists.read_text()
    assert not (home.data / "applications" / LINKS_ID).exists()


def test_another_program_that_took_over_is_seen(home: Home) -> None:
    desktop = LinuxDesktop(home.launch)
    desktop.register()
    home.install("sub-phone.desktop")
    home.lists.write_text(
        "[Default Applications]\nx-scheme-handler/tel=sub-phone.desktop\n"
        "x-scheme-handler/sip=gone.desktop;ringdown-links.desktop\n"
    )
    now = desktop.registered()
    assert (now["tel"], now["sip"], now["sms"]) == (False, True, False)


def test_an_id_may_stand_for_a_folder(home: Home) -> None:
    desktop = LinuxDesktop(home.launch)
    desktop.register()
    (home.data / "applications" / "kde").mkdir()
    shutil.copy(home.data / "applications" / LINKS_ID, home.data / "applications" / "kde" / "phone.desktop")
    home.lists.write_text("[Default Applications]\nx-scheme-handler/tel=kde-phone.desktop;ringdown-links.desktop\n")
    assert not desktop.registered()["tel"]


def test_a_list_for_one_desktop_alone(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "ubuntu:GNOME")
    home.install("calls.desktop")
    special = home.config / "gnome-mimeapps.list"
    special.write_text("[Default Applications]\nx-scheme-handler/tel=calls.desktop\n")
    desktop = LinuxDesktop(home.launch)
    desktop.register()
    assert desktop.registered()["tel"]
    desktop.unregister()
    assert special.read_text().startswith("[Default Applications]\nx-scheme-handler/tel=calls.desktop;\n")


def test_a_ringdown_that_moved_is_not_registered_any_more(home: Home) -> None:
    LinuxDesktop(home.launch).register()
    moved = LinuxDesktop(lambda: Launch(("/opt/new place/ringdown",)))
    assert not moved.registered()["tel"]
    moved.register()
    assert moved.registered()["tel"]


def test_a_linked_list_stays_a_link_with_its_mode(home: Home, tmp_path: Path) -> None:
    real = tmp_path / "dotfiles.list"
    real.write_bytes(b"[Default Applications]\ntext/\xff=a.desktop\n")
    real.chmod(0o600)
    home.lists.symlink_to(real)
    LinuxDesktop(home.launch).register()
    assert home.lists.is_symlink()
    assert stat.S_IMODE(real.stat().st_mode) == 0o600
    assert b"text/\xff=a.desktop\n" in real.read_bytes()
    assert [name for name in os.listdir(tmp_path) if name.startswith(".dot")] == []


def test_a_folder_in_the_way_is_told(home: Home) -> None:
    home.lists.mkdir()
    with pytest.raises(AppError) as told:
        LinuxDesktop(home.launch).register()
    assert told.value.code is ErrorCode.FILE_UNREADABLE
    assert told.value.values["path"] == str(home.lists)


def test_a_program_with_a_control_character_is_told(home: Home) -> None:
    with pytest.raises(AppError):
        LinuxDesktop(lambda: Launch(("/tmp/a\nExec=evil",))).register()
    assert not (home.data / "applications" / LINKS_ID).exists()


@_needs("xdg-open")
@pytest.mark.parametrize("link", HOSTILE)
def test_a_hostile_link_is_one_argument(link: str, home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    LinuxDesktop(home.launch).register()
    monkeypatch.setenv("DISPLAY", ":none")  # only its presence is looked at
    monkeypatch.setenv("BROWSER", "false")
    subprocess.run(["xdg-open", link], cwd=tmp_path, check=True, capture_output=True, timeout=20)
    words = (tmp_path / "called").read_text().split("\0")[:-1]
    assert words == ["open-link", "--", link]
    assert not (tmp_path / "pwned").exists()
    # And the command line takes it as a link, whatever it looks like.
    assert cli.parser().parse_args(words).link == link


@pytest.mark.parametrize("link", ["--data-dir=/evil", "--demo", "-h", "--"])
def test_what_looks_like_an_option_is_a_link(link: str) -> None:
    assert vars(cli.parser().parse_args(["open-link", "--", link])) == {"command": "open-link", "link": link}


def test_start_at_login(home: Home) -> None:
    desktop = LinuxDesktop(home.launch)
    assert not desktop.autostart()
    desktop.set_autostart(True)
    assert desktop.autostart()
    assert not LinuxDesktop(lambda: Launch(("/elsewhere/ringdown",))).autostart()
    desktop.set_autostart(False)
    assert not desktop.autostart()
    assert not (home.config / "autostart" / AUTOSTART_ID).exists()
    desktop.set_autostart(False)


@pytest.mark.parametrize("line", ["Hidden=true", "X-GNOME-Autostart-enabled=false"])
def test_the_desktops_own_switch_counts(line: str, home: Home) -> None:
    desktop = LinuxDesktop(home.launch)
    desktop.set_autostart(True)
    path = home.config / "autostart" / AUTOSTART_ID
    path.write_text(path.read_text() + line + "\n")
    assert not desktop.autostart()
    desktop.set_autostart(True)
    assert desktop.autostart()


def test_an_admins_start_is_hidden_not_deleted(home: Home, tmp_path: Path) -> None:
    admin = tmp_path / "etc" / "autostart" / AUTOSTART_ID
    admin.parent.mkdir()
    admin.write_text("[Desktop Entry]\nType=Application\nName=Ringdown\nExec=/usr/bin/ringdown\n")
    desktop = LinuxDesktop(home.launch)
    assert desktop.autostart()
    desktop.set_autostart(False)
    assert not desktop.autostart()
    assert admin.exists()


def test_run_from_source_it_starts_in_its_folder(home: Home) -> None:
    desktop = LinuxDesktop(lambda: Launch(("/usr/bin/python3", "-m", "app"), "/src/ringdown"))
    desktop.register(["tel"])
    text = (home.data / "applications" / LINKS_ID).read_text()
    assert "Exec=/usr/bin/python3 -m app open-link -- %u\n" in text
    assert "Path=/src/ringdown\n" in text
