"""New bypass codes wipe the old ones unless asked not to, and their defaults are lax (§4).

A call without parameters clears every code of the user, an agent's too, and makes ten that never expire.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from connectors.sandbox.duo.failures import Failure
from connectors.sandbox.duo.parameters import Parameters

DEFAULT_COUNT: Final = 10
DEFAULT_REUSE_COUNT: Final = 1
NEVER: Final = 0
UNLIMITED: Final = 0


@dataclass(frozen=True)
class Wanted:
    """What a call asks for. `codes` are the caller's own; `valid_for` None never expires, `uses` None is unlimited."""

    count: int = DEFAULT_COUNT
    codes: tuple[str, ...] = field(default=(), repr=False)
    valid_for: timedelta | None = None
    uses: int | None = DEFAULT_REUSE_COUNT
    preserve_existing: bool = False


def wanted(parameters: Parameters) -> Wanted:
    """The call's wish, with Duo's defaults for what it doesn't say."""
    codes = parameters.many("codes")
    if codes and parameters.given("count"):
        raise Failure(40002, "count")
    if not all(code.isascii() and code.isdigit() for code in codes):
        raise Failure(40002, "codes")
    valid_secs = parameters.seconds("valid_secs", NEVER)
    reuse_count = parameters.whole("reuse_count", DEFAULT_REUSE_COUNT)
    return Wanted(
        count=len(codes) or parameters.whole("count", DEFAULT_COUNT, least=1, most=10),
        codes=codes,
        valid_for=None if valid_secs == NEVER else timedelta(seconds=valid_secs),
        uses=None if reuse_count == UNLIMITED else reuse_count,
        preserve_existing=parameters.flag("preserve_existing"),
    )
