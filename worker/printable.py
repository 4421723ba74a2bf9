"""Text from outside made fit for a terminal, on which some characters give orders: to clear, to rename, to type."""

import json


def printable(text: str) -> str:
    """`text` with whatever cannot be printed written out as JSON does it; ends of lines stay.

    In JSON that is the same text, written otherwise.
    """
    return "".join(each if each == "\n" or each.isprintable() else json.dumps(each)[1:-1] for each in text)
