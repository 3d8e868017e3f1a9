"""Every object the stand-in knows, the package's included."""

from __future__ import annotations

from .objects_files import FILES
from .objects_people import PEOPLE
from .objects_work import WORK
from .package import OBJECTS
from .schema import SObject

ALL_OBJECTS: tuple[SObject, ...] = (*PEOPLE, *WORK, *FILES, *OBJECTS)
PREFIXES: dict[str, str] = {one.prefix: one.name for one in ALL_OBJECTS}
