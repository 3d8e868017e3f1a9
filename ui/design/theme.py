"""The theme: light or dark, as the system says or as forced, laid over the whole application.

`Theme.install(app)` once at start; afterwards `theme()` from anywhere in `ui`. Colours go through the
QPalette; one generated style sheet does only what a palette cannot. Main thread only.
"""

from enum import StrEnum

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from ui.design.fonts import font
from ui.design.stylesheet import stylesheet
from ui.design.tokens import DARK, LIGHT, TYPE, ColourRole, Palette, Weight

__all__ = ["Theme", "ThemeMode", "theme"]


class ThemeMode(StrEnum):
    """What the rep chose: follow the system, or one scheme always."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Theme(QObject):
    """The colours and fonts of the running application. Made by `install`, one an application."""

    changed = Signal()  # colours are different now; palettes have been set already

    def __init__(self, app: QApplication, mode: ThemeMode = ThemeMode.SYSTEM) -> None:
        super().__init__(app)
        self.setObjectName(_NAME)
        self._app = app
        self._mode = mode
        self._palette = LIGHT
        self._colours: dict[ColourRole, QColor] = {}
        self._hints = app.styleHints()
        self._hints.colorSchemeChanged.connect(self._system_changed)
        app.setStyle("Fusion")
        app.setFont(font(TYPE.body))
        self._apply()

    @staticmethod
    def install(app: QApplication, mode: ThemeMode = ThemeMode.SYSTEM) -> "Theme":
        """Lay the theme over the application; called again, only changes its mode."""
        found = app.findChild(Theme, _NAME)
        if found is None:
            return Theme(app, mode)
        found.set_mode(mode)
        return found

    @property
    def mode(self) -> ThemeMode:
        """What was chosen."""
        return self._mode

    @property
    def dark(self) -> bool:
        """Whether the dark scheme shows now."""
        return self._palette is DARK

    @property
    def palette(self) -> Palette:
        """The tokens of the scheme that shows now."""
        return self._palette

    def set_mode(self, mode: ThemeMode) -> None:
        """Follow the system, or force one scheme."""
        if mode is not self._mode:
            self._mode = mode
            self._apply()

    def colour(self, role: ColourRole) -> QColor:
        """The colour that plays `role` now. Ask while painting; do not keep it."""
        found = self._colours.get(role)
        if found is None:
            found = self._colours[role] = QColor(self._palette[role])
        return found

    def font(self, size: float = TYPE.body, weight: Weight = Weight.REGULAR, *, tabular: bool = False) -> QFont:
        """As `ui.design.fonts.font`."""
        return font(size, weight, tabular=tabular)

    def _system_changed(self) -> None:
        if self._mode is ThemeMode.SYSTEM:
            self._apply()

    def _apply(self) -> None:
        match self._mode:
            case ThemeMode.LIGHT:
                dark = False
            case ThemeMode.DARK:
                dark = True
            case ThemeMode.SYSTEM:
                dark = self._hints.colorScheme() == Qt.ColorScheme.Dark
        self._palette = DARK if dark else LIGHT
        self._colours.clear()
        # From one sheet to another takes Qt several times as long as by way of none, and the window stands still.
        self._app.setStyleSheet("")
        self._app.setPalette(_qpalette(self._palette))
        self._app.setStyleSheet(stylesheet(self._palette))
        self.changed.emit()


_NAME = "ringdown-theme"


def theme() -> Theme:
    """The theme of the running application, laid over it now if nobody did yet.

    Raises RuntimeError without a QApplication.
    """
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        raise RuntimeError("widgets need a QApplication")
    return app.findChild(Theme, _NAME) or Theme(app)


def _qpalette(tokens: Palette) -> QPalette:
    group, role = QPalette.ColorGroup, QPalette.ColorRole
    made = QPalette()
    everywhere = {
        role.Window: tokens.surface,
        role.WindowText: tokens.text,
        role.Base: tokens.surface,
        role.AlternateBase: tokens.sunken,
        role.Text: tokens.text,
        role.PlaceholderText: tokens.muted,
        role.Button: tokens.raised,
        role.ButtonText: tokens.text,
        role.BrightText: tokens.on_fill,
        role.ToolTipBase: tokens.tooltip,
        role.ToolTipText: tokens.tooltip_text,
        role.Highlight: tokens.accent,
        role.HighlightedText: tokens.on_fill,
        role.Accent: tokens.accent,
        role.Link: tokens.accent_text,
        role.LinkVisited: tokens.accent_text,
        role.Light: tokens.raised,
        role.Midlight: tokens.hover,
        role.Mid: tokens.border_strong,
        role.Dark: tokens.border_strong,
        role.Shadow: tokens.border,
    }
    for which, colour in everywhere.items():
        made.setColor(which, QColor(colour))
    for which in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(group.Disabled, which, QColor(tokens.disabled))
    made.setColor(group.Disabled, role.Highlight, QColor(tokens.pressed))
    made.setColor(group.Disabled, role.HighlightedText, QColor(tokens.disabled))
    return made
