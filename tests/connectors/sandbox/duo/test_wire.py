"""What the stock client puts on the wire, as measured, and that it is understood (Admin API facts §2, §11)."""

import dataclasses
from datetime import timedelta
from typing import Any

import duo_client.client

from connectors.sandbox.duo import Duo
from connectors.sandbox.http import Request, Server
from tests.connectors.sandbox.duo.asking import INTEGRATION_KEY, SECRET_KEY, STOCK_CLIENT, ask, person, signed

pytestmark = STOCK_CLIENT


def last_body(server: Server) -> bytes:
    return tuple(server.calls)[-1].body


def test_numbers_travel_as_texts_and_flags_as_json_booleans(duo: Duo, server: Server, admin: Any) -> None:
    user_id = duo.add_person(person())
    admin.add_user_bypass_codes(user_id, count=1, valid_secs=3600, remaining_uses=1, preserve_existing=True)
    assert last_body(server) == b'{"count":"1","preserve_existing":true,"reuse_count":"1","valid_secs":"3600"}'
    (code,) = duo.codes("atorres")
    assert code.expiration == code.created + timedelta(hours=1)
    assert code.remaining_uses == 1


def test_a_call_without_parameters_has_an_empty_object_for_a_body(duo: Duo, server: Server, admin: Any) -> None:
    admin.add_user_bypass_codes(duo.add_person(person()))
    assert last_body(server) == b"{}"


def test_plain_json_numbers_are_understood_too(duo: Duo) -> None:
    path = f"/admin/v1/users/{duo.add_person(person())}/bypass_codes"
    status, body = ask(duo, signed("POST", path, {"count": 2, "valid_secs": 60}))
    assert (status, len(body["response"])) == (200, 2)


def test_a_get_without_parameters_ends_in_a_question_mark(duo: Duo, server: Server, admin: Any) -> None:
    user_id = duo.add_person(person())
    assert admin.get_user_by_id(user_id)["username"] == "atorres"
    (call,) = server.calls
    assert (call.path, call.query) == (f"/admin/v1/users/{user_id}", ())


def test_a_space_travels_as_a_plus_and_is_signed_as_percent_20(duo: Duo, server: Server, admin: Any) -> None:
    duo.add_person(person("ana torres"))
    assert [user["username"] for user in admin.get_users_by_name("ana torres")] == ["ana torres"]
    assert tuple(server.calls)[-1].query == (("username", "ana torres"),)


def test_lists_are_asked_in_pages_of_a_hundred_until_next_offset_is_absent(
    duo: Duo, server: Server, admin: Any
) -> None:
    for number in range(201):
        duo.add_person(person(f"user{number}"))
    assert len(admin.get_users()) == 201
    assert [call.query for call in server.calls] == [
        (("limit", "100"), ("offset", "0")),
        (("limit", "100"), ("offset", "100")),
        (("limit", "100"), ("offset", "200")),
    ]


def test_names_are_asked_as_a_json_array(duo: Duo, server: Server, admin: Any) -> None:
    duo.add_person(person("one"))
    duo.add_person(person("two"))
    assert {user["username"] for user in admin.get_users_by_names(["one", "two", "three"])} == {"one", "two"}
    assert tuple(server.calls)[-1].query[0] == ("username_list", '["one", "two", "three"]')
    assert len(server.calls) == 1


def test_a_form_encoded_version_2_post_is_understood(duo: Duo) -> None:
    path = f"/admin/v1/users/{duo.add_person(person())}/bypass_codes"
    status, body = ask(duo, signed("POST", path, {"count": "1", "preserve_existing": "true"}, version=2))
    assert (status, len(body["response"])) == (200, 1)


def test_a_body_that_is_no_json_object_is_40002(duo: Duo) -> None:
    for body in (b"[1]", b"{", b'"x"'):
        request = _resigned(body)
        assert ask(duo, request)[1]["code"] == 40002


def _resigned(body: bytes) -> Request:
    request = signed("POST", "/admin/v1/users", {})
    authorization = duo_client.client.sign(
        INTEGRATION_KEY,
        SECRET_KEY,
        "POST",
        "localhost",
        request.path,
        request.headers["date"],
        5,
        {},
        body=body.decode(),
    )
    return dataclasses.replace(request, body=body, headers={**request.headers, "authorization": authorization})
