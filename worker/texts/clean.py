"""Text from outside made fit to stand in a text of ours: one line that nothing reads as markup."""

import unicodedata

LONGEST = 600
LONGEST_NAME = 40
# Brackets open ServiceNow's [code] (shown as HTML) and Jinja's {{ }}; round ones say the same and open nothing.
ROUND = str.maketrans("[]{}", "()()")
# Control, format (right-to-left marks among them), surrogate, private and unassigned characters, line separators.
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def clean(text: str, longest: int = LONGEST) -> str:
    """`text` in one line, without control and invisible characters, `[code]` and template syntax, cut to `longest`.

    Cleaning again changes nothing. HTML is not escaped here: the templates of HTML do that.
    """
    seen = text[: 4 * LONGEST]
    if not seen.isprintable():
        seen = "".join(" " if unicodedata.category(each) in UNSEEN else each for each in seen)
    line = " ".join(seen.translate(ROUND).split())
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"


def clean_name(text: str) -> str:
    """A first name: letters, spaces, hyphens and apostrophes alone, so that no address or sentence can stand in it."""
    letters = "".join(each if _in_a_name(each) else " " for each in clean(text))
    return " ".join(letters.split())[:LONGEST_NAME].strip()


def _in_a_name(each: str) -> bool:
    return unicodedata.category(each)[0] in "LM" or each in " -'’"
