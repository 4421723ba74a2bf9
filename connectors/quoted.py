"""Another system's words, made fit for a message, a work note or a log."""

import re
from typing import Final

LENGTH: Final = 200
LONG_NUMBER: Final = re.compile(r"\d(?:[\s().-]*\d){5,}")


def quoted(words: object) -> str:
    """`words` as one short line of printable text; of a long number only the last two digits are left.

    Long numbers are phone numbers and codes. Empty where the other system said nothing that is a text.
    """
    if not isinstance(words, str):
        return ""
    line = " ".join("".join(c if c.isprintable() else " " for c in words[: 4 * LENGTH]).split())
    line = LONG_NUMBER.sub(lambda found: f"…{found[0][-2:]}", line)
    return line if len(line) <= LENGTH else f"{line[: LENGTH - 1]}…"
