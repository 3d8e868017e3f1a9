"""The torture test messages of RFC 4475, by the names the RFC gives them."""

from tests.sip.torture.application import APPLICATION
from tests.sip.torture.invalid import INVALID
from tests.sip.torture.valid import VALID

MESSAGES: dict[str, bytes] = {**VALID, **INVALID, **APPLICATION}
