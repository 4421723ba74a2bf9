"""What the server makes of the parameters of a new push."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from connectors.sandbox.password_pusher.settings import Settings

TRUTHY: Final = frozenset({"on", "yes", "checked", "true", "1"})
TEXT_MOST: Final = 1024 * 1024
QR_MOST: Final = 1024


@dataclass(frozen=True)
class Wanted:
    """The permitted parameters after defaults and silent replacements.

    Anything else that was sent is ignored, `expire_after_duration` too: only the hosted edition knows it (facts §4).
    """

    kind: str
    payload: str
    passphrase: str
    name: str
    note: str
    days: int
    views: int
    retrieval_step: bool
    deletable_by_viewer: bool | None


def wanted(sent: Mapping[str, Any], settings: Settings) -> Wanted:
    """Never fails; what can't be used is found by `problems`."""
    kind = _text(sent.get("kind")) or "text"
    deletable = _truth(sent, "deletable_by_viewer", settings.deletable_by_viewer)
    return Wanted(
        kind=kind,
        payload=_text(sent.get("payload")),
        passphrase=_text(sent.get("passphrase")),
        name=_text(sent.get("name")),
        note=_text(sent.get("note")),
        days=settings.days.settle(_whole(sent.get("expire_after_days"))),
        views=settings.views.settle(_whole(sent.get("expire_after_views"))),
        retrieval_step=_truth(sent, "retrieval_step", settings.retrieval_step),
        deletable_by_viewer=None if kind == "url" else deletable,
    )


def problems(push: Wanted) -> dict[str, list[str]]:
    """The body of a 422, field by field; empty where the push can be made (facts §4, §6)."""
    match push.kind:
        case "text" | "url" | "qr":
            return _payload_problems(push)
        case "file":
            return {"kind": ["File pushes are disabled."]}
        case _:
            return {"kind": ["is not included in the list"]}


def _payload_problems(push: Wanted) -> dict[str, list[str]]:
    if not push.payload.strip():
        return {"payload": ["Payload is required."]}
    if push.kind == "text" and len(push.payload) > TEXT_MOST:
        return {"payload": [f"The payload is too large.  You can only push up to {TEXT_MOST} bytes."]}
    if push.kind == "qr" and len(push.payload) > QR_MOST:
        return {"payload": [f"The QR code payload is too large.  You can only push up to {QR_MOST} bytes."]}
    if push.kind == "url" and push.payload.partition(":")[0].lower() not in ("http", "https"):
        return {"payload": ["must be a valid HTTP or HTTPS URL."]}
    return {}


def _truth(sent: Mapping[str, Any], name: str, default: bool) -> bool:
    return str(sent[name]).lower() in TRUTHY if name in sent else default


def _text(value: object) -> str:
    """A scalar as the text column holds it; lists and objects aren't permitted and count as absent."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, str | int | float) else ""


def _whole(value: object) -> int | None:
    """A number as Rails casts it: leading digits of a text, 0 for other text, None for nothing."""
    if value is None or value == "" or isinstance(value, list | dict):
        return None
    if isinstance(value, int | float):
        return int(value)
    digits = str(value).strip()
    sign, digits = (-1, digits[1:]) if digits.startswith("-") else (1, digits)
    leading = digits[: len(digits) - len(digits.lstrip("0123456789"))]
    return sign * int(leading or "0")
