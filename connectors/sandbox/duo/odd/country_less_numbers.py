"""A number without `+` is taken for one of the US, and refused only if it can't be one (§5).

So a foreign number typed without its country is 40002 at best, and the phone of a stranger in the US at worst.
"""

import re
from typing import Final

from connectors.sandbox.duo.failures import Failure

IGNORED: Final = str.maketrans("", "", " -.()\u00a0")
NORTH_AMERICAN: Final = re.compile(r"\+1[2-9][0-9]{2}[2-9][0-9]{6}", re.ASCII)
OTHER: Final = re.compile(r"\+(?!1)[1-9][0-9]{6,14}", re.ASCII)


def e164(text: str) -> str:
    """The number as Duo keeps it; empty stays empty. 40002 where it can't be a number."""
    bare = text.translate(IGNORED)
    if not bare:
        return ""
    number = bare if bare.startswith("+") else f"+{bare}" if len(bare) == 11 and bare[0] == "1" else f"+1{bare}"
    if not (NORTH_AMERICAN.fullmatch(number) or OTHER.fullmatch(number)):
        raise Failure(40002, "number")
    return number
