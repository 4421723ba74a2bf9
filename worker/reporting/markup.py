"""HTML and SVG by functions: whatever isn't markup already is escaped, so that no text can become any."""

from html import escape


class Markup(str):
    """Text that is markup."""

    __slots__ = ()


def element(tag: str, *inside: str, **attributes: str | float) -> Markup:
    """One element. An attribute's `_` stands for a hyphen; one at its end only keeps it from being a Python word."""
    named = "".join(f' {_name(name)}="{escape(_value(value))}"' for name, value in attributes.items())
    return Markup(f"<{tag}{named}>{joined(*inside)}</{tag}>")


def joined(*parts: str) -> Markup:
    """Several parts, each escaped unless it is markup."""
    return Markup("".join(part if isinstance(part, Markup) else escape(part) for part in parts))


def _name(name: str) -> str:
    return name.rstrip("_").replace("_", "-")


def _value(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:.1f}".removesuffix(".0")
