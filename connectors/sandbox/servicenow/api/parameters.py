"""The Table API's URL parameters (ServiceNow facts §3.2)."""

from dataclasses import dataclass
from typing import Final, Literal, cast

from connectors.sandbox.messages import Request
from connectors.sandbox.servicenow.replies import bad_request

DEFAULT_LIMIT: Final = 10_000
Display = Literal["false", "true", "all"]


@dataclass(frozen=True)
class Parameters:
    """Empty `fields` asks for all of them."""

    query: str
    limit: int
    offset: int
    fields: tuple[str, ...]
    display: Display
    reference_links: bool
    count: bool
    pagination_header: bool
    input_display_value: bool


def parameters(request: Request) -> Parameters:
    """Booleans in any case, as pysnow sends `False` (§7); a limit or offset that is no number is not counted."""
    words = {name: value for name, value in request.query if name.startswith("sysparm_")}
    display = words.get("sysparm_display_value", "").lower()
    return Parameters(
        query=words.get("sysparm_query", "") or _plain_terms(request),
        limit=_number(words.get("sysparm_limit", ""), DEFAULT_LIMIT),
        offset=_number(words.get("sysparm_offset", ""), 0),
        fields=_names(words.get("sysparm_fields", "")),
        display=cast(Display, display) if display in ("true", "all") else "false",
        reference_links=not _flag(words, "sysparm_exclude_reference_link"),
        count=not _flag(words, "sysparm_no_count"),
        pagination_header=not _flag(words, "sysparm_suppress_pagination_header"),
        input_display_value=_flag(words, "sysparm_input_display_value"),
    )


def _plain_terms(request: Request) -> str:
    """`name=value` in the URL may stand in for sysparm_query."""
    return "^".join(f"{name}={value}" for name, value in request.query if not name.startswith("sysparm_"))


def _names(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))


def _flag(words: dict[str, str], name: str) -> bool:
    return words.get(name, "").lower() == "true"


def _number(text: str, default: int) -> int:
    try:
        number = int(text)
    except ValueError:
        return default
    if number < 0:
        raise bad_request("Pagination not supported", "sysparm_limit and sysparm_offset can't be negative")
    return number
