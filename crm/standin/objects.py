"""Every object the stand-in knows, the package's included."""

from __future__ import annotations

from .objects_people import PEOPLE
from .objects_work import WORK
from .package import DAY
from .schema import SObject

ALL_OBJECTS: tuple[SObject, ...] = (*PEOPLE, *WORK, DAY)
PREFIXES: dict[str, str] = {one.prefix: one.name for one in ALL_OBJECTS}
