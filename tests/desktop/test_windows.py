"""Links and start at login on Windows, in a registry made of a dictionary."""

import pytest

from app import cli
from app.errors import AppError, ErrorCode
from ui.desktop.launch import Launch
from ui.desktop.port import SCHEMES
from ui.desktop.windows import WindowsDesktop

PROGRAM = r"C:\Program Files\Ringdown\Ringdown.exe"
COMMAND = rf'"{PROGRAM}" open-link -- "%1"'
CHOICES = r"Software\Microsoft\Windows\Shell\Associations\UrlAssociations"
RUN = r"Software\Microsoft\Windows\CurrentVersion\Run"
SWITCH = r"Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"


class FakeRegistry:
    """Keys and names without case, like the real one; `refuses` makes writing fail below a key."""

    def __init__(self) -> None:
        self.values: dict[tuple[str, str], str | bytes] = {}
        self.announced = 0
        self.refuses = ""

    def get(self, key: str, name: str) -> str | bytes | None:
        return self.values.get((key.lower(), name.lower()))

    def set(self, key: str, name: str, value: str) -> None:
        if self.refuses and key.startswith(self.refuses):
            raise AppError(ErrorCode.FILE_UNREADABLE, path=key, detail="Access is denied")
        self.values[key.lower(), name.lower()] = value

    def delete_value(self, key: str, name: str) -> None:
        self.values.pop((key.lower(), name.lower()), None)

    def delete_tree(self, key: str) -> None:
        key = key.lower()
        self.values = {at: v for at, v in self.values.items() if at[0] != key and not at[0].startswith(key + "\\")}

    def announce(self) -> None:
        self.announced += 1


def _words(line: str) -> list[str]:
    """A command line taken apart by the rules of Microsoft's C runtime."""
    words: list[str] = []
    word, quoted, some, at = "", False, False, 0
    while at < len(line):
        slashes = 0
        while at < len(line) and line[at] == "\\":
            slashes, at = slashes + 1, at + 1
        if at < len(line) and line[at] == '"':
            word += "\\" * (slashes // 2)
            if slashes % 2:
                word += '"'
            else:
                quoted, some = not quoted, True
            at += 1
            continue
        word += "\\" * slashes
        if at < len(line) and line[at] in " \t" and not quoted:
            if word or some:
                words.append(word)
            word, some, at = "", False, at + 1
        elif at < len(line):
            word, at = word + line[at], at + 1
    return [*words, word] if word or some else words


@pytest.fixture
def registry() -> FakeRegistry:
    return FakeRegistry()


@pytest.fixture
def desktop(registry: FakeRegistry) -> WindowsDesktop:
    return WindowsDesktop(registry, lambda: Launch((PROGRAM,)))


def test_windows_knows_us_for_every_scheme(desktop: WindowsDesktop, registry: FakeRegistry) -> None:
    desktop.register()
    capabilities = registry.get(r"Software\RegisteredApplications", "Ringdown")
    assert isinstance(capabilities, str)
    for scheme in SCHEMES:
        name = registry.get(rf"{capabilities}\UrlAssociations", scheme)
        assert isinstance(name, str)
        assert registry.get(rf"Software\Classes\{name}\shell\open\command", "") == COMMAND
        assert registry.get(rf"Software\Classes\{name}", "URL Protocol") == ""
    assert registry.announced == 1


def test_the_classes_of_other_programs_are_not_touched(desktop: WindowsDesktop, registry: FakeRegistry) -> None:
    registry.set(r"Software\Classes\tel\shell\open\command", "", "skype.exe")
    before = dict(registry.values)
    desktop.register()
    assert all(registry.values[key] == value for key, value in before.items())
    desktop.unregister()
    assert registry.values == before


def test_only_our_own_scheme_needs_no_choice(desktop: WindowsDesktop, registry: FakeRegistry) -> None:
    assert not any(desktop.registered().values())
    desktop.register()
    assert [scheme for scheme, ours in desktop.registered().items() if ours] == ["ringdown"]
    registry.set(rf"{CHOICES}\tel\UserChoice", "ProgId", "Ringdown.Link")
    registry.set(rf"{CHOICES}\sip\UserChoice", "ProgId", "Other.Link")
    assert [scheme for scheme, ours in desktop.registered().items() if ours] == ["tel", "ringdown"]
    registry.set(rf"{CHOICES}\tel\UserChoiceLatest\ProgId", "ProgId", "Other.Link")
    registry.set(rf"{CHOICES}\ringdown\UserChoice", "ProgId", "Other.Link")
    assert not any(desktop.registered().values())
    assert desktop.links_page() == "ms-settings:defaultapps?registeredAppUser=Ringdown"


def test_a_ringdown_that_moved_is_not_registered_any_more(desktop: WindowsDesktop, registry: FakeRegistry) -> None:
    desktop.register()
    moved = WindowsDesktop(registry, lambda: Launch((r"D:\Ringdown.exe",)))
    assert not any(moved.registered().values())
    moved.register()
    assert moved.registered()["ringdown"]


def test_fewer_schemes_later(desktop: WindowsDesktop, registry: FakeRegistry) -> None:
    desktop.register()
    desktop.register(["tel"])
    links = r"Software\Ringdown\Capabilities\UrlAssociations"
    assert [scheme for scheme in SCHEMES if registry.get(links, scheme)] == ["tel"]
    assert registry.get(r"Software\Classes\ringdown\shell\open\command", "") is None


def test_a_foreign_class_of_our_name_is_left(desktop: WindowsDesktop, registry: FakeRegistry) -> None:
    desktop.register()
    registry.set(r"Software\Classes\ringdown\shell\open\command", "", r'"C:\other.exe" "%1"')
    desktop.unregister()
    assert registry.get(r"Software\Classes\ringdown\shell\open\command", "") == r'"C:\other.exe" "%1"'


def test_a_refusal_is_told(desktop: WindowsDesktop, registry: FakeRegistry) -> None:
    registry.refuses = r"Software\Ringdown"
    with pytest.raises(AppError) as told:
        desktop.register()
    assert told.value.code is ErrorCode.FILE_UNREADABLE


def test_from_source_it_is_told_and_nothing_is_written(registry: FakeRegistry) -> None:
    desktop = WindowsDesktop(registry, lambda: Launch(("python.exe", "-m", "app"), r"C:\src"))
    with pytest.raises(AppError):
        desktop.register()
    with pytest.raises(AppError):
        desktop.set_autostart(True)
    assert not registry.values
    assert not any(desktop.registered().values())
    assert not desktop.autostart()


def test_start_at_login_and_the_task_managers_switch(desktop: WindowsDesktop, registry: FakeRegistry) -> None:
    assert not desktop.autostart()
    desktop.set_autostart(True)
    assert desktop.autostart()
    assert registry.get(RUN, "Ringdown") == f'"{PROGRAM}" --hidden'
    registry.values[SWITCH.lower(), "ringdown"] = bytes([2, *[0] * 11])
    assert desktop.autostart()
    registry.values[SWITCH.lower(), "ringdown"] = bytes([3, *[0] * 11])
    assert not desktop.autostart()
    desktop.set_autostart(True)
    assert desktop.autostart()
    desktop.set_autostart(False)
    assert not desktop.autostart()
    assert not registry.values


@pytest.mark.parametrize(
    "link",
    [
        "tel:+14155550123",
        'tel:1" --data-dir "\\\\evil\\share',
        'tel:1" --engine "5',
        'tel:1\\" x',
        "tel:1 & calc.exe | more",
        "--demo",
    ],
)
def test_a_hostile_link_never_becomes_an_option(
    link: str, desktop: WindowsDesktop, registry: FakeRegistry, capsys: pytest.CaptureFixture[str]
) -> None:
    desktop.register()
    command = registry.get(r"Software\Classes\Ringdown.Link\shell\open\command", "")
    assert isinstance(command, str)
    program, *words = _words(command.replace("%1", link))
    assert program == PROGRAM
    assert words[:2] == ["open-link", "--"]
    if len(words) == 3:
        assert vars(cli.parser().parse_args(words)) == {"command": "open-link", "link": words[2]}
    else:
        with pytest.raises(SystemExit) as left:
            cli.parser().parse_args(words)
        assert left.value.code == 2
        assert "unrecognized" in capsys.readouterr().err
