"""Where text from outside meets a call, a header or a page: it arrives there as one value, or is refused."""

import json
import threading
from collections.abc import Mapping
from contextlib import AbstractContextManager, suppress
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.headerregistry import Address
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import example, given, settings

from connectors.duo import phones, users
from connectors.duo.transport import Admin, Response
from connectors.errors import ConnectorError, Refused
from connectors.gate import free
from connectors.mail.message import Mail, wire
from connectors.quoted import quoted
from connectors.secret import Secret
from connectors.servicenow.query import UnfitForQuery
from tests.connectors.duo.callers import INTEGRATION_KEY
from tests.injection.hostile import VALUES, hostile
from tests.worker.texts.written import about, texts
from worker.findings import Finding
from worker.reporting.markup import element, joined
from worker.stray_mail import stray_mail

SEEDED = settings(max_examples=80, deadline=None, derandomize=True)
HEADERS = {
    "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type",
}  # fmt: skip
SENDER = Address("Duo enrolment", addr_spec="no-reply@example.edu")
SHIPPED = texts()


class Overheard(Admin):
    """Signs as always, and sends to nobody."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, str | None]] = []
        super().__init__(
            "localhost",
            443,
            integration_key=INTEGRATION_KEY,
            secret_key=Secret("x" * 40),
            ca_file="",
            timeout=timedelta(seconds=1),
            gate=free,
            stop=threading.Event(),
        )

    def _make_request(
        self, method: str, uri: str, body: str | None, headers: Mapping[bytes, bytes]
    ) -> tuple[Response, bytes]:
        assert all(b"\r" not in value and b"\n" not in value for value in headers.values())
        self.asked.append((method, uri, body))
        return Response(200, "OK", timedelta()), json.dumps({"stat": "OK", "response": []}).encode()


@SEEDED
@given(hostile())
@example("Zoë +&=#?^%")
def test_a_name_reaches_duo_as_the_one_value_it_is(text: str) -> None:
    duo = Overheard()
    with refusals():
        users.find(duo, text)
    with refusals():
        users.find_by_email(duo, text)
    for (_, uri, body), name in zip(duo.asked, ("username", "email"), strict=False):
        assert urlsplit(uri).path == "/admin/v1/users"
        assert parse_qsl(urlsplit(uri).query, keep_blank_values=True, encoding="utf-8") == [(name, text)]
        assert not body


@SEEDED
@given(hostile())
def test_a_new_users_names_reach_duo_as_the_values_they_are(text: str) -> None:
    duo = Overheard()
    with refusals():
        users.create(duo, username=text, email=text, first_name=text, last_name=text)
    for method, uri, body in duo.asked:
        assert (method, uri) == ("POST", "/admin/v1/users")
        sent = dict(json.loads(body or "{}") if (body or "").startswith("{") else parse_qsl(body or ""))
        assert {name: sent[name] for name in ("username", "email", "firstname", "lastname")} == dict.fromkeys(
            ("username", "email", "firstname", "lastname"), text
        )
        assert sent.keys() <= {"username", "email", "firstname", "lastname"}


@SEEDED
@given(hostile())
def test_what_is_no_id_and_no_number_reaches_no_path_and_no_parameter(text: str) -> None:
    duo = Overheard()
    for ask in (lambda: users.read(duo, text), lambda: phones.read(duo, text), lambda: phones.by_number(duo, text)):
        with refusals():
            ask()
    assert duo.asked == []


@SEEDED
@given(hostile(), hostile())
def test_a_mail_has_its_own_headers_and_one_recipient_or_is_refused(first: str, second: str) -> None:
    mail = Mail(first if "@" in first else "ana@example.edu", second, first, f"<p>{second}</p>", "<a.b@example.edu>")
    try:
        content = wire(mail, SENDER, "Tue, 24 Nov 2026 15:00:00 -0000")
    except Refused:
        return
    content.decode("ascii")
    message = message_from_bytes(content.removesuffix(b".\r\n"), policy=policy.SMTP)
    assert set(message.keys()) == HEADERS
    assert [str(address.addr_spec) for address in message["To"].addresses] == [mail.to]
    assert " ".join(message["Subject"].split()) == " ".join(second.split())
    assert [part.get_content_type() for part in message.walk()] == ["multipart/alternative", "text/plain", "text/html"]


@pytest.mark.parametrize("moment", ["delivered", "held", "refused", "enrolled", "reminder", "given_up"])
def test_no_text_on_a_ticket_opens_markup(moment: Any) -> None:
    for text in VALUES:
        context = spoilt(text)
        for said in (SHIPPED.notes(moment, context).comment, SHIPPED.notes(moment, context).work_note):
            assert all(each == "\n" or each.isprintable() for each in said)
            assert not set(said) & set("[]{}")
            assert len(said) < 20_000


@pytest.mark.parametrize("kind", ["link", "notice"])
def test_no_text_of_a_mail_is_markup_or_a_second_line_of_its_subject(kind: Any) -> None:
    usual = tags(SHIPPED.mail(kind, spoilt("x")).html)
    for text in VALUES:
        mail = SHIPPED.mail(kind, spoilt(text))
        assert tags(mail.html) == usual
        assert mail.subject.isprintable()
        assert "\x1b" not in mail.plain
        assert "\r" not in mail.plain


def spoilt(text: str) -> Any:
    return about(
        first_name=text, ticket=text, reason=text, proof=(text,), done=(text,), number_ending=text, address_hint=text,
        device=text, evidence=(text,), new_factor=text, tried=(text,), undone=(text,), left_alive=(text,),
        other_ticket=text, do=text, row=text,
    )  # fmt: skip


@SEEDED
@given(hostile(), hostile())
def test_whatever_stands_in_the_report_is_text(first: str, second: str) -> None:
    page = joined(element("th", first, title=second), element("td", element("b", second)))
    parser = Parsed()
    parser.feed(page)
    parser.close()
    assert [name for name, _ in parser.tags] == ["th", "td", "b"]
    assert [list(attributes) for _, attributes in parser.tags] == [["title"], [], []]
    assert parser.text == first + second


@SEEDED
@given(hostile())
def test_a_finding_is_no_markup_in_its_mail(text: str) -> None:
    at = datetime(2026, 11, 24, tzinfo=UTC)
    page = stray_mail("a@example.edu", Finding("stray_code", "k", text, at), "example.edu").html
    assert {name for name, _ in tags(page)} == {"p"}
    assert not any(attributes for _, attributes in tags(page))


@SEEDED
@given(hostile())
def test_another_systems_words_are_one_short_printable_line(text: str) -> None:
    said = quoted(text)
    assert said.isprintable()
    assert len(said) <= 200


class Parsed(HTMLParser):
    """What a browser makes of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def tags(page: str) -> list[tuple[str, list[str]]]:
    parser = Parsed()
    parser.feed(page)
    parser.close()
    return [(name, list(attributes)) for name, attributes in parser.tags]


def refusals() -> AbstractContextManager[None]:
    """Being refused is as good as arriving whole."""
    return suppress(ConnectorError, UnfitForQuery)
