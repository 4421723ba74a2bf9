"""How a call is refused: Duo's codes, whose first three digits are the HTTP status (Admin API facts §1, §10)."""

from typing import Final

MESSAGES: Final = {
    40001: "Missing required request parameters",
    40002: "Invalid request parameters",
    40003: "Duplicate resource",
    40101: "Missing request credentials",
    40102: "Invalid integration key in request credentials",
    40103: "Invalid signature in request credentials",
    40104: "Missing request timestamp",
    40105: "Bad request timestamp",
    40301: "Access forbidden",
    40401: "Resource not found",
    42901: "Too many requests",
    50001: "Unknown internal server error",
}


class Failure(Exception):
    """The call is refused and changed nothing; `detail` is what Duo calls `message_detail`, often absent."""

    def __init__(self, code: int, detail: str = "") -> None:
        super().__init__(f"{code} {detail}")
        self.code = code
        self.detail = detail

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.code // 100

    def envelope(self) -> dict[str, object]:
        """The body of the answer."""
        told = {"message_detail": self.detail} if self.detail else {}
        return {"stat": "FAIL", "code": self.code, "message": MESSAGES.get(self.code, "Unknown error"), **told}
