"""Every text, for every sample: what `check` renders."""

import re
from typing import get_args

from tests.worker.texts.written import texts
from worker.texts.samples import samples
from worker.tickets.ticket import MomentName

READ = texts().proof_read()


def test_every_moment_and_mail_is_among_the_samples() -> None:
    named = {name.partition(": ")[2] for name, _ in READ}
    for moment in get_args(MomentName):
        assert f"work note {moment}" in named
        if moment not in {"taken", "stepped_back"}:
            assert f"comment {moment}" in named
    for part in ("subject", "plain", "html"):
        assert {f"mail link {part}", f"mail notice {part}"} <= named


def test_nothing_of_a_template_is_left_in_a_text() -> None:
    for name, text in READ:
        assert not re.search(r"[{}\[\]]|None|undefined|<secret>", text), name


def test_no_text_has_loose_ends() -> None:
    for name, text in READ:
        if not name.startswith("nothing known"):
            assert not re.search(r"  |\n\n\n| [.,;]|\.\.|^\s|\s$", text), name


def test_what_a_sample_is_called_tells_it_from_the_others() -> None:
    names = [name for name, _ in samples()]
    assert len(names) == len(set(names))
