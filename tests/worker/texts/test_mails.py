"""What reaches the person's mailboxes."""

from html.parser import HTMLParser

import pytest

from tests.worker.texts.written import LINK, PASSPHRASE, about, in_order, texts
from worker.texts.texts import MailText


class Reader(HTMLParser):
    """The text a person sees, and the tags around it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.seen: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 its signature
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.seen.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.seen).split())


def both(mail: MailText) -> tuple[str, str]:
    """The plain text and the text of the HTML, each in one line."""
    return " ".join(mail.plain.split()), Reader(mail.html).text


def test_both_forms_of_the_link_mail_are_complete() -> None:
    for text in both(texts().mail("link", about(passphrase_at="field"))):
        assert in_order(
            text,
            "Hello Ana,",
            LINK,
            "passphrase",
            "The code works twice within 8 hours",
            "Its link opens twice within 1 day",
            "Duo Security LLC",
            "private (incognito) window",
            "Manage devices",
            "Add a device",
            "If you don't see Manage devices",
            "Not you? Call 480-731-8632 now, say ticket SCTASK0010001.",
            "help.maricopa.edu",
        )


@pytest.mark.parametrize("at", ["none", "field", "ticket"])
def test_no_mail_has_the_passphrase(at: str) -> None:
    written = texts()
    link, notice = written.mail("link", about(passphrase_at=at)), written.mail("notice", about(passphrase_at=at))
    assert PASSPHRASE not in str((link, notice))


def test_a_link_without_a_passphrase_asks_for_none() -> None:
    mail = texts().mail("link", about(passphrase_at="none"))
    assert "passphrase" not in mail.plain + mail.html


@pytest.mark.parametrize(
    "option", ["mobile.bypass_code", "mobile.activation_link", "key.bypass_code", "key.enrollment_link"]
)
def test_a_notice_has_no_link_and_no_code_but_whom_to_call(option: str) -> None:
    mail = texts(manage_devices_url="https://devices.example.edu").mail("notice", about(option=option))
    for text in (*both(mail), mail.html):
        assert LINK not in text
        assert "http" not in text
        assert "help.maricopa.edu" not in text
    assert "a" not in Reader(mail.html).tags
    for text in both(mail):
        assert "Not you? Call 480-731-8632 now, say ticket SCTASK0010001." in text


def test_a_notice_tells_what_is_being_done() -> None:
    written = texts()
    added = written.mail("notice", about(option="mobile.add_phone", then="mobile.activation_link"))
    for text in both(added):
        assert "adding the phone ending in 42" in text
        assert "asked to text an activation link to the phone ending in 42" in text
    for text in both(written.mail("notice", about())):
        assert "a link to a temporary Duo code" in text


def test_a_notice_about_a_factor_names_it() -> None:
    mail = texts().mail("notice", about(new_factor="A security key"))
    assert mail.subject == "A new device on your Duo account, ticket SCTASK0010001"
    for text in both(mail):
        assert "A security key was added to your Duo account." in text


def test_a_name_can_bring_in_no_markup_address_or_line() -> None:
    name = "<b>Ana</b>\r\nBcc: x@example.com <a href=https://evil.example>{{ 7*7 }}[code]"
    mail = texts().mail("link", about(first_name=name, ticket="SC<script>\r\nX: y"))
    assert "script" not in Reader(mail.html).tags
    assert "b" not in Reader(mail.html).tags
    assert "evil.example" not in mail.plain + mail.html
    assert "@example.com" not in mail.plain + mail.html
    assert "49" not in mail.plain
    assert "\n" not in mail.subject
    assert mail.plain.splitlines()[0].startswith("Hello b Ana b Bcc")


def test_the_subject_names_no_option_and_no_code() -> None:
    assert texts().mail("link", about()).subject == "Your temporary Duo code, ticket SCTASK0010001"
