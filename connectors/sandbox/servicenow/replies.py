"""The error answers, in the instance's own words (ServiceNow facts §3.6)."""

from collections.abc import Mapping

from connectors.sandbox.messages import Response


class Refusal(Exception):
    """Ends the handling of a request with this answer. Raised before anything is changed."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status)
        self.response = response


def error(status: int, message: str, detail: str | None = None, headers: Mapping[str, str] | None = None) -> Response:
    """`{"error": {"message", "detail"}, "status": "failure"}`."""
    body = {"error": {"message": message, "detail": detail}, "status": "failure"}
    return Response.json(status, body, headers)


def bad_request(message: str, detail: str | None = None) -> Refusal:
    """400."""
    return Refusal(error(400, message, detail))


def invalid_table(name: str) -> Refusal:
    """400, the same for every account."""
    return bad_request(f"Invalid table {name}")


def no_resource() -> Refusal:
    """400: the path names no API."""
    return bad_request("Requested URI does not represent any resource")


def unauthenticated(headers: Mapping[str, str] | None = None) -> Refusal:
    """401, whatever the reason."""
    challenge = {"WWW-Authenticate": 'BASIC realm="Service-now"', **(headers or {})}
    return Refusal(error(401, "User Not Authenticated", "Required to provide Auth information", challenge))


def unauthorized_api() -> Refusal:
    """403 by a REST ACL."""
    return Refusal(error(403, "User Not Authorized", "Failed API level ACL Validation"))


def insufficient_rights() -> Refusal:
    """403: the query names a field that the caller may not read."""
    detail = "Field(s) present in the query do not have permission to be read"
    return Refusal(error(403, "Insufficient rights to query records", detail))


def operation_failed(detail: str) -> Refusal:
    """403: a write that a rule refused."""
    return Refusal(error(403, "Operation Failed", detail))


def acl_exception(act: str) -> Refusal:
    """403: a write that permissions refused; `act` is Insert, Update or Delete."""
    return operation_failed(f"ACL Exception {act} Failed due to security constraints")


def not_found() -> Refusal:
    """404: absent and hidden look the same."""
    detail = "Record doesn't exist or ACL restricts the record retrieval"
    return Refusal(error(404, "No Record found", detail))


def wrong_method() -> Refusal:
    """405."""
    return Refusal(error(405, "Method Not Allowed", "Method not supported by this resource"))


def uri_too_long() -> Refusal:
    """414, a page and no JSON."""
    page = "<html><head><title>414 Request-URI Too Long</title></head><body><h1>414</h1></body></html>"
    return Refusal(Response.html(414, page))
