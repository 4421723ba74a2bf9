"""What a call asks, as texts: the query of a GET or DELETE, the JSON or form body of a POST (§2).

Duo takes numbers as texts and flags as JSON booleans or texts; everything becomes text here, and is read by its use.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from connectors.sandbox.duo.failures import Failure
from connectors.sandbox.messages import Request

IN_BODY: Final = ("POST", "PUT", "PATCH")
FLAGS: Final = {"true": True, "1": True, "false": False, "0": False}
CENTURY: Final = 100 * 365 * 86_400


@dataclass(frozen=True)
class Parameters:
    """Pairs in the order in which they came; `missing` is the code for one that must be there (a switch)."""

    pairs: tuple[tuple[str, str], ...]
    missing: int = 40001

    def given(self, name: str) -> bool:
        """Whether it is there, be it empty."""
        return any(key == name for key, _ in self.pairs)

    def text(self, name: str, default: str = "") -> str:
        """The first value of that name."""
        return next((value for key, value in self.pairs if key == name), default)

    def required(self, name: str) -> str:
        """The value, or a refusal where it is absent or empty."""
        value = self.text(name)
        if not value:
            raise Failure(self.missing, name)
        return value

    def whole(self, name: str, default: int, *, least: int = 0, most: int | None = None) -> int:
        """A whole number within bounds, else 40002."""
        text = self.text(name, str(default))
        if not (text.isascii() and text.isdigit()) or int(text) < least or (most is not None and int(text) > most):
            raise Failure(40002, name)
        return int(text)

    def seconds(self, name: str, default: int) -> int:
        """A length of time. Duo's upper bounds aren't known: a century is all that is taken here (§4)."""
        return self.whole(name, default, most=CENTURY)

    def flag(self, name: str) -> bool:
        """A yes or no in any of Duo's spellings; absent: no."""
        try:
            return FLAGS[self.text(name, "false").casefold()]
        except KeyError:
            raise Failure(40002, name) from None

    def many(self, name: str) -> tuple[str, ...]:
        """All values of a repeated parameter, each of which may hold several with commas between."""
        return tuple(one for key, value in self.pairs if key == name for one in value.split(",") if one)

    def array(self, name: str, *, most: int = 100) -> list[str]:
        """A JSON array of texts, as `username_list` is; else 40002 (§3)."""
        try:
            value = json.loads(self.text(name))
        except ValueError:
            raise Failure(40002, name) from None
        if not isinstance(value, list) or len(value) > most or not all(isinstance(one, str) for one in value):
            raise Failure(40002, name)
        return value


def parameters(request: Request, missing: int) -> Parameters:
    """Those of one call. What a signature doesn't cover, as the query of a POST, isn't read."""
    if request.method not in IN_BODY:
        return Parameters(request.query, missing)
    if request.headers.get("content-type", "").startswith("application/json"):
        return Parameters(tuple(_json_pairs(request.body)), missing)
    return Parameters(form_pairs(request.body), missing)


def form_pairs(body: bytes) -> tuple[tuple[str, str], ...]:
    """The pairs of a form-encoded body, empty values included."""
    return tuple(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


def _json_pairs(body: bytes) -> Iterator[tuple[str, str]]:
    try:
        value = json.loads(body or b"{}")
    except ValueError:
        raise Failure(40002) from None
    if not isinstance(value, dict):
        raise Failure(40002)
    for name, one in value.items():
        if one is not None:
            yield name, one if isinstance(one, str) else json.dumps(one)
