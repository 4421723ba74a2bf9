"""What TeamDynamix does that one wouldn't think of, as the stand-in does it (TeamDynamix facts §3.1, §5, §8)."""

import json
from datetime import timedelta
from typing import Any

import pytest

from connectors.sandbox.messages import Request, Response
from connectors.sandbox.people import Person
from connectors.sandbox.teamdynamix import APPS, TeamDynamix
from tests.connectors.sandbox.clock import Clock

APP = APPS[0]
ANN = Person("alee", "Ann", "Lee", "ann.lee@example.edu", "ann@mail.example.net", "+14805550101")
JSON = {"content-type": "application/json"}


@pytest.fixture
def site(clock: Clock) -> TeamDynamix:
    made = TeamDynamix(clock)
    made.add_person(ANN)
    return made


@pytest.fixture
def token(site: TeamDynamix) -> str:
    known = {"username": site.credentials.user_name, "password": site.credentials.password}
    return ask(site, "POST", "auth/login", known).body.decode()


def ask(site: TeamDynamix, method: str, path: str, what: Any = None, token: str = "") -> Response:
    body = b"" if what is None else json.dumps(what).encode()
    headers = {**JSON, "authorization": f"Bearer {token}"}
    return site.app(Request(method, f"/TDWebApi/api/{path}", "", headers, body))


def search(site: TeamDynamix, token: str, **asked: Any) -> list[dict[str, Any]]:
    answer = ask(site, "POST", f"{APP.id}/tickets/search", asked, token)
    assert answer.status == 200, answer.body
    rows: list[dict[str, Any]] = json.loads(answer.body)
    return rows


def test_a_search_is_cut_without_a_word(site: TeamDynamix, token: str) -> None:
    for _ in range(301):
        site.file_request(ANN, {})
    assert [len(search(site, token, **asked)) for asked in ({}, {"MaxResults": 7}, {"MaxResults": 0})] == [300, 7, 301]


def test_rows_of_a_search_lack_what_only_the_whole_ticket_has(site: TeamDynamix, token: str) -> None:
    number = site.file_request(ANN, {"device_type": "Duo Mobile"}).task.number
    (row,) = search(site, token)
    whole = json.loads(ask(site, "GET", f"{APP.id}/tickets/{number}", token=token).body)
    assert set(whole) - set(row) == {"Attachments", "Attributes", "Description", "Notify", "Tasks"}


def test_a_filter_that_is_not_known_widens_the_result(site: TeamDynamix, token: str) -> None:
    site.file_request(ANN, {})
    assert search(site, token, FormIDs=[APP.reset_form]) == []
    assert len(search(site, token, FormIds=[APP.reset_form])) == 1


def test_over_the_limit_nothing_is_done_until_the_window_ends(site: TeamDynamix, token: str, clock: Clock) -> None:
    path = f"{APP.id}/tickets/search"
    answers = [ask(site, "POST", path, {}, token) for _ in range(31)]
    assert [answer.status for answer in answers] == [200] * 30 + [429]
    assert [answers[29].headers[f"X-RateLimit-{name}"] for name in ("Limit", "Remaining")] == ["30", "0"]
    assert answers[30].headers["X-RateLimit-Reset"] == "Tue, 24 Nov 2026 15:01:00 GMT"
    assert ask(site, "GET", "auth/getuser", token=token).status == 200, "other calls are counted apart"
    clock.advance(timedelta(seconds=60))
    assert ask(site, "POST", path, {}, token).status == 200


def test_a_full_edit_clears_what_is_left_out(site: TeamDynamix, token: str) -> None:
    number = site.file_request(ANN, {"device_type": "Duo Mobile"}).task.number
    assert ask(site, "POST", f"{APP.id}/tickets/{number}", {"Title": "Changed"}, token).status == 200
    assert site.row(number)["device_type"] == ""


def test_a_patch_knows_no_test(site: TeamDynamix, token: str) -> None:
    number = site.file_request(ANN, {}).task.number
    operation = {"op": "test", "path": "/StatusID", "value": 1}
    assert ask(site, "PATCH", f"{APP.id}/tickets/{number}", [operation], token).status == 400


def test_without_the_right_to_see_people_a_search_finds_nobody_and_says_nothing(site: TeamDynamix, token: str) -> None:
    site.switch(people_right=False)
    answer = ask(site, "POST", "people/search", {"SearchText": "ann"}, token)
    assert (answer.status, json.loads(answer.body)) == (200, [])
