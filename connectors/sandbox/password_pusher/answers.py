"""The JSON the API answers: a push, its audit log, and the refusals (facts §5, §6)."""

from datetime import datetime
from typing import Any

from connectors.sandbox.messages import Response
from connectors.sandbox.password_pusher.push import AuditRow, Push


def push_json(push: Push, base_url: str, now: datetime) -> dict[str, Any]:
    """A push in every answer but a preview. The passphrase is among it, in clear.

    `json_url` is what the server makes it, `html_url` and a suffix: with the retrieval step no route leads there.
    """
    link = secret_url(push, base_url)
    return {
        "expire_after_views": push.expire_after_views,
        "expired": push.expired,
        "url_token": push.url_token,
        "deletable_by_viewer": push.deletable_by_viewer,
        "retrieval_step": push.retrieval_step,
        "expired_on": None if push.expired_on is None else rails_time(push.expired_on),
        "passphrase": push.passphrase,
        "created_at": rails_time(push.created_at),
        "updated_at": rails_time(push.updated_at),
        "expire_after_days": push.expire_after_days,
        "days_remaining": push.days_remaining(now),
        "views_remaining": push.views_remaining,
        "deleted": push.deleted,
        "json_url": f"{link}.json",
        "html_url": link,
    }


def for_owner(push: Push) -> dict[str, Any]:
    """What create and the owner's lists add."""
    return {"note": push.note, "name": push.name}


def for_reader(push: Push) -> dict[str, Any]:
    """What show adds."""
    return {"payload": push.payload, "files": []}


def secret_url(push: Push, base_url: str) -> str:
    """The link to hand on."""
    return f"{base_url}/p/{push.url_token}" + ("/r" if push.retrieval_step else "")


def audit_json(row: AuditRow) -> dict[str, Any]:
    at = rails_time(row.at)
    return {
        "ip": row.ip,
        "user_agent": row.user_agent,
        "referrer": row.referrer,
        "kind": row.kind,
        "created_at": at,
        "updated_at": at,
    }


def rails_time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}Z"


def refusal(status: int, error: str) -> Response:
    return Response.json(status, {"error": error})


def bad_token() -> Response:
    """A wrong token, or none where one is needed: nothing but the status (facts §2)."""
    return Response(401)


def not_found() -> Response:
    return refusal(404, "not-found")


def no_route() -> Response:
    return Response.html(404, "<!doctype html><title>404</title><h1>The page you were looking for doesn't exist.</h1>")


def wrong_passphrase() -> Response:
    return Response.json(
        401,
        {
            "error": "That passphrase is incorrect.",
            "message": "This push requires a passphrase. Please provide it using the 'passphrase' parameter "
            "(e.g. ?passphrase=mysecret)",
            "status": "unauthorized",
        },
    )


def too_many_attempts() -> Response:
    return refusal(429, "Too many passphrase attempts. Please try again in a minute.")
