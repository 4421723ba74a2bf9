"""A push whose answer was lost is found again by its note: all pages are read, and none is guessed at."""

import pytest

from connectors.errors import Refused, Unavailable
from connectors.sandbox.messages import Response
from tests.connectors.pushing import NOTE, URL_TOKEN, pusher, row
from tests.connectors.scripted import Scripted


def test_pages_are_read_until_one_is_empty(scripted: Scripted) -> None:
    other = row(note="another", url_token="another-push")
    scripted.answer(Response.json(200, [other]), Response.json(200, [row()]), Response.json(200, []))
    found = pusher(scripted.url, scripted.ca_file).find(NOTE)
    assert found is not None
    assert found.token.reveal() == URL_TOKEN
    assert [asked.raw_query for asked in scripted.asked] == ["page=1", "page=2", "page=3"]


def test_a_page_that_comes_again_ends_the_reading(scripted: Scripted) -> None:
    scripted.answer(Response.json(200, [row()]))
    with pytest.raises(Unavailable, match="page 2"):
        pusher(scripted.url, scripted.ca_file).find(NOTE)


@pytest.mark.parametrize("answer", [{}, "", ["x"], {"pushes": []}])
def test_a_list_that_cannot_be_read_is_not_an_empty_one(scripted: Scripted, answer: object) -> None:
    scripted.answer(Response.json(200, answer))
    with pytest.raises(Unavailable):
        pusher(scripted.url, scripted.ca_file).find(NOTE)


def test_two_pushes_with_one_note_are_not_chosen_from(scripted: Scripted) -> None:
    scripted.answer(Response.json(200, [row(), row(url_token="another-push")]), Response.json(200, []))
    with pytest.raises(Refused):
        pusher(scripted.url, scripted.ca_file).find(NOTE)


def test_a_found_push_whose_link_is_not_safe_is_not_given_out(scripted: Scripted) -> None:
    scripted.answer(Response.json(200, [row(html_url=f"http://x/p/{URL_TOKEN}/r")]), Response.json(200, []))
    with pytest.raises(Refused, match="https"):
        pusher(scripted.url, scripted.ca_file).find(NOTE)
