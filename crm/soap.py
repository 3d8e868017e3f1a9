"""The half of simple-salesforce that speaks SOAP, which nothing here uses: kept out of memory.

Its module for metadata imports zeep, and zeep lxml and attrs: 6 MB of the app's memory (measured with `./dev bench`'s
own calls) for nothing. The names it asks for while it loads are put there instead, empty.
"""

from __future__ import annotations

import sys
from types import ModuleType

_NAMES = {
    "zeep": ("Client", "Settings"),
    "zeep.proxy": ("ServiceProxy",),
    "zeep.xsd": ("AnySimpleType", "ComplexType", "CompoundValue"),
}


def leave_out() -> None:
    """Call it before simple-salesforce is imported; with zeep imported already there is nothing to save."""
    if "zeep" in sys.modules:
        return
    for name, needed in _NAMES.items():
        empty = ModuleType(name)
        for each in needed:
            setattr(empty, each, type(each, (), {}))
        sys.modules[name] = empty
