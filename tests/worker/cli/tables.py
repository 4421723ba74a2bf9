"""A table that decides otherwise than the shipped one."""

from pathlib import Path

KEYS_BY_HAND = """
[[row]]
id = "keys-by-hand"
outcome = "hold"
when = ["request.device == 'security_key'"]
because = "keys are given out at the desk"
next_step = "Ask the person to come."

[[row]]
id = "text"
outcome = "mobile.activation_link"
when = ["request.device == 'duo_mobile'", "usable_smartphone.found"]
because = "a phone is there"

[[row]]
id = "rest"
outcome = "hold"
when = []
because = "the rest is for people"
next_step = "Look at it."

[[example]]
name = "a key"
expect = "keys-by-hand"
given.request.device = "security_key"

[[example]]
name = "a phone"
expect = "text"
given.request.device = "duo_mobile"
given.usable_smartphone.found = true

[[example]]
name = "nothing"
expect = "rest"
"""


def table_in(folder: Path, text: str = KEYS_BY_HAND) -> Path:
    file = folder / "changed.toml"
    file.write_text(text, encoding="utf-8")
    return file
