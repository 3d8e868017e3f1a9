"""Keeps what is typed into a form: stored a moment after the last key, forgotten when the form has been sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, QTimer

from app.usecases.typed_forms import TypedForms

_SAVE_AFTER = 400  # milliseconds


class FormKeeper(QObject):
    """One form's. Main thread."""

    def __init__(self, forms: TypedForms, values: Callable[[], Mapping[str, str]], parent: QObject) -> None:
        """``values`` tells what stands in the form now."""
        super().__init__(parent)
        self._forms, self._values = forms, values
        self._place = ""
        self._is_touched = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SAVE_AFTER)
        self._timer.timeout.connect(self.flush)

    def open(self, place: str) -> Mapping[str, str]:
        """The form is about this from now on; what was typed into it before."""
        self.flush()
        self._place = place
        return self._forms.get(place)

    def touch(self) -> None:
        """The rep changed something."""
        if self._place:
            self._is_touched = True
            self._timer.start()

    def flush(self) -> None:
        """Store what is not stored yet, now."""
        self._timer.stop()
        if self._is_touched:
            self._is_touched = False
            self._forms.keep(self._place, self._values())

    def forget(self) -> None:
        """It was sent, or is not wanted any more."""
        self._timer.stop()
        self._is_touched = False
        if self._place:
            self._forms.keep(self._place, {})
        self._place = ""
