"""The connector against a recorded conversation; `python -m tests.record.password_pusher` records it."""

import re
from datetime import timedelta

from connectors.secret import Secret
from tests.record import password_pusher
from tests.record.scrub import cassette


def replayed() -> password_pusher.Told:
    pusher = password_pusher.client(f"https://{password_pusher.HOST}", Secret("any"), "")
    with cassette(password_pusher.CASSETTE, password_pusher.scrub(), record=False) as tape:
        told = password_pusher.conversation(pusher)
        assert tape.all_played
    return told


def test_a_recorded_conversation_is_understood() -> None:
    told = replayed()
    assert re.fullmatch(r"\d+\.\d+\.\d+", told.version.application)
    assert (told.made.days, told.made.views, told.made.retrieval_step, told.made.deletable_by_viewer) == (
        1,
        2,
        True,
        False,
    )
    assert told.found is not None
    assert told.found.token.reveal() == told.made.token.reveal()
    assert told.found.expires_at == told.made.expires_at
    assert {"creation", "expire"} <= {view.kind for view in told.views}
    assert max(view.at for view in told.views) - min(view.at for view in told.views) < timedelta(minutes=5)
    assert told.found_expired is None


def test_the_cassette_holds_no_secret() -> None:
    tape = password_pusher.CASSETTE.read_text()
    assert "uthorization" not in tape
    for secret in (
        r'"url_token":\s+"0*[^0"]',
        r"/p/0*[1-9a-z_-]",
        r"/pushes/(?!active)0*[1-9a-z_-]",
        r'"ip":\s+"0*[^0"]',
    ):
        assert not re.search(secret, tape)
