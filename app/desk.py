"""Desk: everything a window or the command line may ask of the running app. Built by `bootstrap`, holds no code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.hub import Hub
from app.paths import Profile
from app.ports.system import Clock, MainLoop
from app.reads.reads import Reads
from app.usecases.calls import Calls
from app.usecases.cards import Cards
from app.usecases.directory import Directory
from app.usecases.index import Index
from app.usecases.lines import Lines
from app.usecases.login import Login
from app.usecases.matching import Matching
from app.usecases.messages import Messages
from app.usecases.new_people import NewPeople
from app.usecases.presence import PresenceWatch
from app.usecases.provisioning import Provisioning
from app.usecases.recovery import Recovery
from app.usecases.relation import Relation
from app.usecases.sign_in import SignIn
from app.usecases.sync import Sync
from app.usecases.typed_forms import TypedForms
from app.usecases.wrapup import Wrapup


@dataclass(frozen=True, slots=True)
class Desk:
    """The façade. Main thread only."""

    profile: Profile
    hub: Hub
    loop: MainLoop
    clock: Clock
    reads: Reads
    lines: Lines
    login: Login
    sign_in: SignIn
    matching: Matching
    calls: Calls
    messages: Messages
    wrapup: Wrapup
    relation: Relation
    new_people: NewPeople
    typed_forms: TypedForms
    cards: Cards
    index: Index
    sync: Sync
    recovery: Recovery
    provisioning: Provisioning
    directory: Directory
    presence: PresenceWatch
    is_demo: bool
    demo_numbers: tuple[tuple[str, str], ...]  # (number, what it does), for the demo's guide
    quit: Callable[[], None]
