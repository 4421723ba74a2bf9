"""The headers of a list: how many rows match, and the pages around this one (ServiceNow facts §3.2, §3.4)."""

from urllib.parse import urlencode

from connectors.sandbox.messages import Request
from connectors.sandbox.servicenow.api.parameters import Parameters


def headers(request: Request, asked: Parameters, total: int, instance_url: str) -> dict[str, str]:
    """`total` is counted before any ACL, so it tells of rows that the caller never gets."""
    found: dict[str, str] = {}
    if asked.count:
        found["X-Total-Count"] = str(total)
    if asked.pagination_header and asked.limit and (links := _links(request, asked, total, instance_url)):
        found["Link"] = links
    return found


def _links(request: Request, asked: Parameters, total: int, instance_url: str) -> str:
    """Absolute, but built from the instance's own address and not from the host that was asked."""
    last = max(0, (total - 1) // asked.limit * asked.limit)
    pages = {"first": 0}
    if asked.offset > 0:
        pages["prev"] = max(0, asked.offset - asked.limit)
    if asked.offset + asked.limit < total:
        pages["next"] = asked.offset + asked.limit
    pages["last"] = last
    if len(pages) == 2:
        return ""  # a single page
    return ",".join(f'<{_url(request, offset, instance_url)}>;rel="{rel}"' for rel, offset in pages.items())


def _url(request: Request, offset: int, instance_url: str) -> str:
    kept = [(name, value) for name, value in request.query if name != "sysparm_offset"]
    return f"{instance_url}{request.path}?{urlencode([*kept, ('sysparm_offset', offset)])}"
