"""The commands of the one field: what the rep can do by typing its name."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from app.usecases.login import CrmState
from ui.current_call import CurrentCall
from ui.design.theme import ThemeMode, theme
from ui.suggest import Command

if TYPE_CHECKING:
    from app.desk import Desk


def commands(
    desk: Desk,
    call: CurrentCall,
    *,
    keypad: Callable[[], None],
    settings: Callable[[], None],
    choose_mode: Callable[[ThemeMode], None],
    import_file: Callable[[], None],
    sign_in: Callable[[], None],
    outbox: Callable[[], None],
    leave: Callable[[], None],
) -> tuple[Command, ...]:
    """Each with when it is offered."""

    def always() -> bool:
        return True

    return (
        Command(
            "mute",
            QCoreApplication.translate("Commands", "Mute"),
            "mic-off",
            call.mute,
            lambda: call.talks and not call.muted,
        ),
        Command("unmute", QCoreApplication.translate("Commands", "Unmute"), "mic", call.mute, lambda: call.muted),
        Command(
            "hold",
            QCoreApplication.translate("Commands", "Hold"),
            "pause",
            call.hold,
            lambda: call.talks and not call.held,
        ),
        Command("resume", QCoreApplication.translate("Commands", "Resume"), "play", call.hold, lambda: call.held),
        Command("end", QCoreApplication.translate("Commands", "Hang up"), "phone-off", call.end, lambda: call.exists),
        Command("keypad", QCoreApplication.translate("Commands", "Keypad"), "keypad", keypad, always),
        Command("settings", QCoreApplication.translate("Commands", "Settings"), "settings", settings, always),
        Command(
            "dark",
            QCoreApplication.translate("Commands", "Dark mode"),
            "moon",
            lambda: choose_mode(ThemeMode.DARK),
            lambda: not theme().dark,
        ),
        Command(
            "light",
            QCoreApplication.translate("Commands", "Light mode"),
            "sun",
            lambda: choose_mode(ThemeMode.LIGHT),
            lambda: theme().dark,
        ),
        Command(
            "import",
            QCoreApplication.translate("Commands", "Import provisioning file…"),
            "download",
            import_file,
            always,
        ),
        Command(
            "sign-in",
            QCoreApplication.translate("Commands", "Sign in to Salesforce"),
            "user",
            sign_in,
            lambda: desk.login.status.state is CrmState.SIGNED_OUT and desk.sign_in.is_set_up,
        ),
        Command(
            "sign-out",
            QCoreApplication.translate("Commands", "Sign out of Salesforce"),
            "user",
            desk.sign_in.sign_out,
            lambda: desk.login.status.state is not CrmState.SIGNED_OUT,
        ),
        Command("outbox", QCoreApplication.translate("Commands", "What waits for Salesforce"), "clock", outbox, always),
        Command(
            "dnd",
            QCoreApplication.translate("Commands", "Do not disturb"),
            "moon",
            lambda: desk.lines.set_dnd(True),
            lambda: not desk.lines.settings.dnd,
        ),
        Command(
            "dnd-off",
            QCoreApplication.translate("Commands", "Let calls ring again"),
            "phone-in",
            lambda: desk.lines.set_dnd(False),
            lambda: desk.lines.settings.dnd,
        ),
        Command("quit", QCoreApplication.translate("Commands", "Quit"), "close", leave, always),
    )
