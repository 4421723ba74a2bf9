"""A person who opens a secret link in a browser: the retrieval step, the passphrase form, the secret."""

import html
import re
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import urlencode, urlsplit

from connectors.sandbox.messages import App, Request, Response

PERSON: Final = "198.51.100.7"
BROWSER: Final = "Mozilla/5.0 (a person of the sandbox)"

Problem = Literal["", "expired", "passphrase wanted", "passphrase incorrect", "too many attempts", "no page"]


@dataclass(frozen=True)
class Opened:
    """What a person found behind the link: the secret, or why there was none."""

    payload: str = ""
    problem: Problem = ""


def open_link(app: App, link: str, passphrase: str, ip: str) -> Opened:
    """Follow `link` as a browser does; `passphrase` is typed once, if a form asks for one and it isn't empty."""
    browser = _Browser(app, ip)
    page = browser.get(urlsplit(link).path)
    if proceed := re.search(r'<a href="([^"]+)"', _text(page)):
        page = browser.get(proceed[1])
    if form := re.search(r"action='([^']+)'", _text(page)):
        if not passphrase:
            return Opened(problem="passphrase wanted")
        page = browser.post(form[1], {"passphrase": passphrase})
    return _found(page)


def _found(page: Response) -> Opened:
    text = _text(page)
    if secret := re.search(r"<pre id='push_payload'>(.*)</pre>", text, re.DOTALL):
        return Opened(html.unescape(secret[1]))
    if page.status == 303:
        return Opened(page.headers["Location"])
    for sign, problem in SIGNS:
        if sign in text:
            return Opened(problem=problem)
    return Opened(problem="no page")


SIGNS: Final[tuple[tuple[str, Problem], ...]] = (
    ("this secret link has expired", "expired"),
    ("Too many passphrase attempts", "too many attempts"),
    ("That passphrase is incorrect", "passphrase incorrect"),
)


class _Browser:
    """Keeps one cookie and follows redirects."""

    def __init__(self, app: App, ip: str) -> None:
        self._app = app
        self._headers = {"host": "localhost", "user-agent": BROWSER}
        self._ip = ip

    def get(self, path: str) -> Response:
        path, _, query = path.partition("?")
        return self._follow(self._app(Request("GET", path, query, self._headers, client=self._ip)))

    def post(self, path: str, form: dict[str, str]) -> Response:
        body = urlencode(form).encode()
        return self._follow(self._app(Request("POST", path, "", self._headers, body, client=self._ip)))

    def _follow(self, response: Response) -> Response:
        if cookie := response.headers.get("Set-Cookie"):
            self._headers = {**self._headers, "cookie": cookie.partition(";")[0]}
        return self.get(response.headers["Location"]) if response.status == 302 else response


def _text(page: Response) -> str:
    return page.body.decode()
