"""Navigator: what panes ask of the window. A pane emits; the main window is the one that listens and arranges."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal


class Navigator(QObject):
    """Signals between panes. Numbers are PhoneNumber values or as typed; an empty line means the default one."""

    call_wanted = Signal(str, str, str)  # number, line, about (record id): dial now, a person clicked
    text_wanted = Signal(str, str)  # number, line: open the thread and put the cursor into the composer
    thread_opened = Signal(str, str)  # line, number: show this conversation
    call_opened = Signal(str)  # call id: show this call, live or past
    details_wanted = Signal(str)  # call id: whenever it shows, its subject, result and more are unfolded
    person_opened = Signal(object)  # RecordRef: show this person's card (and thread, when there is a number)
    contact_wanted = Signal(str)  # number: make a contact of it, or give it to somebody who is there
    record_wanted = Signal(object)  # RecordRef: open the record in the browser
    url_wanted = Signal(str)  # open a Salesforce page in the browser
    field_wanted = Signal()  # put the keyboard into the one field
    sign_in_wanted = Signal()  # sign in to Salesforce in the browser
    outbox_wanted = Signal()  # show what waits for Salesforce and what it refused
    trouble = Signal(object)  # AppError: show its sentence
