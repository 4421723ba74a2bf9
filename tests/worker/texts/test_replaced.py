"""Texts that an installation replaces by its own."""

from pathlib import Path

import pytest

from tests.worker.texts.written import about, texts
from worker.texts import TextError


def test_one_template_is_replaced_and_the_others_stay(tmp_path: Path) -> None:
    (tmp_path / "comment.held.j2").write_text("{{ greeting }}\n\nWe'll call.")
    (tmp_path / "notes.txt").write_text("{{ not a template }}")
    written = texts(tmp_path)
    assert written.notes("held", about()).comment == "Hello Ana,\n\nWe'll call."
    assert written.notes("enrolled", about()).comment == texts().notes("enrolled", about()).comment


def test_a_replaced_part_reaches_every_text_that_has_it(tmp_path: Path) -> None:
    (tmp_path / "greeting.j2").write_text("Dear {{ first_name }} & all,")
    written = texts(tmp_path)
    assert written.notes("held", about()).comment.startswith("Dear Ana & all,")
    assert "<p>Dear Ana &amp; all,</p>" in written.mail("notice", about()).html


def test_the_table_of_oldest_systems_can_be_replaced(tmp_path: Path) -> None:
    (tmp_path / "os_floor.toml").write_text(
        '[[floor]]\nfrom = 2026-01-01\nios = "19.0"\nandroid = "15"\nsource = "ours"\n'
    )
    assert "(iOS 19.0+, Android 15+)" in texts(tmp_path).notes("delivered", about()).comment


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("comment.hold.j2", "x", r"comment.hold.j2 replaces no shipped text; the nearest is comment.held.j2"),
        (
            "comment.held.j2",
            "{{ frist_name }}",
            r"comment.held.j2 has no variable frist_name; the nearest is first_name",
        ),
        ("comment.held.j2", "{% if 0 %}{{ x }}{% endif %}", r"comment.held.j2 has no variable x"),
        ("comment.held.j2", "{% if %}", r"comment.held.j2, line 1: "),
        ("comment.held.j2", "{{ ticket.nonsense.more }}", r"comment.held.j2 can't be rendered"),
        ("comment.held.j2", "{{ ticket.__class__.__mro__ }}", r"comment.held.j2 can't be rendered"),
        ("comment.held.j2", "{{ ticket | until }}", r"comment.held.j2 can't be rendered"),
        ("comment.held.j2", "{{ ticket | shout }}", r"comment.held.j2, line 1: No filter named 'shout'"),
        ("comment.held.j2", "{% include 'nowhere.j2' %}", r"comment.held.j2 can't be rendered"),
        ("comment.held.j2", "{{ link }}", r"comment.held.j2 has no variable link"),
        ("mail.notice.txt.j2", "{{ link }}", r"mail.notice.txt.j2 has no variable link"),
        ("mail.link.txt.j2", "{{ passphrase }}", r"mail.link.txt.j2 has no variable passphrase"),
        ("work_note.delivered.j2", "{{ passphrase }}", r"work_note.delivered.j2 has no variable passphrase"),
        ("os_floor.toml", "[[floor]]\nfrom = 1", r"os_floor.toml: every \[\[floor\]\] row needs"),
    ],
)
def test_a_template_that_cannot_be_used_is_refused_at_load(tmp_path: Path, name: str, text: str, said: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(TextError, match=said):
        texts(tmp_path)


def test_a_template_that_is_no_text_is_refused_at_load(tmp_path: Path) -> None:
    (tmp_path / "comment.held.j2").write_bytes(b"\xff\xfe")
    with pytest.raises(TextError, match=r"comment.held.j2 is no UTF-8 text"):
        texts(tmp_path)


def test_a_template_that_cannot_be_read_is_refused_at_load(tmp_path: Path) -> None:
    (tmp_path / "comment.held.j2").mkdir()
    with pytest.raises(TextError, match=r"comment.held.j2 can't be read \(Is a directory\)"):
        texts(tmp_path)


def test_a_folder_that_is_not_there_is_refused_at_load(tmp_path: Path) -> None:
    with pytest.raises(TextError, match=r"nowhere can't be read"):
        texts(tmp_path / "nowhere")
