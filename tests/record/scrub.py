"""What is taken out of a recorded conversation before it is written down, and out of a request before it is compared.

Both sides pass through the same function, so a replayed conversation finds what was recorded under other names.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote_plus, urlsplit

import vcr

KEPT_HEADERS: Final = ("content-type", "x-total-count")


@dataclass(frozen=True)
class Scrub:
    """`host` stands for the real one. `names` are what is real and what stands for it; `secrets` find what must go.

    A secret's first group is replaced by as many zeros, so that a code stays as long as it was.
    """

    host: str
    names: Mapping[str, str] = field(default_factory=dict)
    secrets: tuple[re.Pattern[str], ...] = ()

    def text(self, text: str) -> str:
        for real, standing_for_it in self.names.items():
            text = text.replace(real, standing_for_it).replace(quote_plus(real), quote_plus(standing_for_it))
        for secret in self.secrets:
            text = secret.sub(_zeros, text)
        return text

    def request(self, request: Any) -> Any:
        """For vcrpy's `before_record_request`."""
        parts = urlsplit(self.text(request.uri))
        request.uri = parts._replace(netloc=self.host).geturl()
        request.headers = {}
        if request.body:
            request.body = self.text(request.body.decode()).encode()
        return request

    def response(self, response: Any) -> Any:
        """For vcrpy's `before_record_response`, which is handed a copy that is then written."""
        named = {name: value for name, value in response["headers"].items() if name.lower() in KEPT_HEADERS}
        body = self.text(response["body"]["string"].decode())
        return response | {"headers": named, "body": {"string": body.encode()}}


def cassette(file: Path, scrub: Scrub, *, record: bool) -> Any:
    """A context in which everything is written to `file`, anew, or in which nothing but what it holds is answered."""
    if record:
        file.unlink(missing_ok=True)
    return vcr.VCR(
        record_mode="all" if record else "none",
        match_on=("method", "scheme", "host", "path", "query", "body"),
        before_record_request=scrub.request,
        before_record_response=scrub.response,
    ).use_cassette(str(file))


def _zeros(found: re.Match[str]) -> str:
    start, end = found.start(1) - found.start(), found.end(1) - found.start()
    return found[0][:start] + "0" * (end - start) + found[0][end:]
