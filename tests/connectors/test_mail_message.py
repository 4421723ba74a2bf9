"""The bytes of a mail, read by the standard library: whatever was written is what is read."""

import email
from email.headerregistry import Address
from email.policy import default

from hypothesis import given
from hypothesis import strategies as st

from connectors.mail.message import Mail, wire

TEXT = st.text(st.sampled_from('abc .=\t\n\r\x0b\x1c\x85 é–漢\u2028😀-_?"<>,'), max_size=200)
SUBJECT = TEXT.map(lambda text: "".join(each for each in text if each.isprintable()))
SENDER = st.sampled_from([Address('Help, "Desk"', "help", "example.edu"), Address("Hélp, Desk", "help", "example.edu")])


@given(plain=TEXT, html=TEXT, subject=SUBJECT, sender=SENDER)
def test_a_reader_finds_what_was_written(plain: str, html: str, subject: str, sender: Address) -> None:
    sent = wire(Mail("mpark@example.edu", subject, plain, html, "<a.b@example.edu>"), sender, "date")
    lines = sent.removesuffix(b".\r\n").split(b"\r\n")
    read = email.message_from_bytes(b"\r\n".join(line.removeprefix(b".") for line in lines), policy=default)
    assert sent.isascii()
    assert not read.defects
    assert [_lines(part.get_content()) for part in read.iter_parts()] == [_ended(plain), _ended(html)]
    assert read["Subject"].split() == subject.split()
    assert read["From"].addresses == (sender,)


@given(plain=TEXT)
def test_no_line_ends_the_mail_before_its_end_or_is_too_long_for_a_relay(plain: str) -> None:
    sent = wire(Mail("mpark@example.edu", "s", plain, plain, "<a.b@example.edu>"), Address("", "a", "b.cd"), "date")
    lines = sent.split(b"\r\n")
    assert lines[-2:] == [b".", b""]
    assert all(b"\r" not in line and b"\n" not in line and line != b"." for line in lines[:-2])
    assert max(map(len, lines)) <= 80


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _ended(text: str) -> str:
    return _lines(text).removesuffix("\n") + "\n"
