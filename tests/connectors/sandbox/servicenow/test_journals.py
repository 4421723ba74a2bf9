"""Comments and work notes (ServiceNow facts §1.4)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from connectors.sandbox.servicenow import Filed, ServiceNow
from tests.connectors.sandbox.clock import START, Clock
from tests.connectors.sandbox.servicenow.asking import Asker, account, admin


def test_a_note_is_appended_and_the_field_comes_back_empty(servicenow: ServiceNow, api: Asker, filed: Filed) -> None:
    for text in ("first", "second", "second"):
        answer = api.patch("sc_task", filed.task.sys_id, {"work_notes": text, "comments": f"{text}!"})
        assert (answer.result["work_notes"], answer.result["comments"]) == ("", "")
    assert servicenow.ticket(filed.task.number)["work_notes"] == ["first", "second", "second"]
    assert servicenow.ticket(filed.task.number)["comments"] == ["first!", "second!", "second!"]


def test_the_author_is_whoever_signed_in(servicenow: ServiceNow, api: Asker, filed: Filed, clock: Clock) -> None:
    servicenow.comment(filed.task.number, "alee", "Please hurry")
    clock.advance(timedelta(minutes=1))
    api.patch("sc_task", filed.task.sys_id, {"work_notes": "seen", "sys_created_by": "tdesk"})
    first, second = servicenow.journal(filed.task.number)
    assert (first.author, first.kind, first.at) == ("alee", "comments", START)
    assert (second.author, second.kind, second.at) == ("duo.worker", "work_notes", START + timedelta(minutes=1))


def test_entries_are_read_from_their_table_for_many_records_at_once(
    servicenow: ServiceNow, api: Asker, filed: Filed
) -> None:
    servicenow.work_note(filed.task.number, "tdesk", "on the task")
    servicenow.comment(filed.item.number, "alee", "on the item")
    ids = f"{filed.task.sys_id},{filed.item.sys_id}"
    query = f"element_idIN{ids}^elementINcomments,work_notes^ORDERBYsys_created_on^ORDERBYsys_id"
    rows = api.rows("sys_journal_field", query)
    found = {(row["element_id"], row["element"], row["name"], row["value"], row["sys_created_by"]) for row in rows}
    assert found == {
        (filed.task.sys_id, "work_notes", "sc_task", "on the task", "tdesk"),
        (filed.item.sys_id, "comments", "sc_req_item", "on the item", "alee"),
    }
    assert not any(name.startswith("sys_updated") or name == "sys_mod_count" for name in rows[0])


def test_nobody_writes_the_journal_s_table_itself(servicenow: ServiceNow, filed: Filed) -> None:
    body = {"element_id": filed.task.sys_id, "element": "work_notes", "value": "forged", "sys_created_by": "tdesk"}
    assert admin(servicenow).send("POST", "/api/now/table/sys_journal_field", body).status == 403


def test_the_journal_may_be_unreadable(servicenow: ServiceNow, filed: Filed) -> None:
    servicenow.work_note(filed.task.number, "tdesk", "x")
    answer = account(servicenow, "sn_request_read").listed("sys_journal_field")
    assert (answer.result, answer.headers["X-Total-Count"]) == ([], "1")


def test_display_values_may_hold_all_entries(servicenow: ServiceNow, api: Asker, filed: Filed, clock: Clock) -> None:
    """Unconfirmed through REST, so a switch."""
    servicenow.work_note(filed.task.number, "tdesk", "one")
    clock.advance(timedelta(minutes=1))
    servicenow.comment(filed.task.number, "alee", "two")
    fields = "work_notes,comments_and_work_notes"
    silent = api.one("sc_task", filed.task.sys_id, fields=fields, display_value="all")
    assert silent["work_notes"] == {"display_value": "", "value": ""}
    servicenow.switch(journals_in_display=True)
    row = api.one("sc_task", filed.task.sys_id, fields=fields, display_value="all")
    first = "2026-11-24 15:00:00 - tdesk (work_notes)\none\n\n"
    assert row["work_notes"] == {"display_value": first, "value": ""}
    assert row["comments_and_work_notes"]["display_value"] == f"2026-11-24 15:01:00 - alee (comments)\ntwo\n\n{first}"


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("<b>x</b>", "&lt;b&gt;x&lt;/b&gt;"),
        ("[code]<b>x</b>[/code] & y", "<b>x</b> &amp; y"),
        ("[code]<b>", "[code]&lt;b&gt;"),
    ],
)
def test_text_in_code_tags_is_rendered_as_html(servicenow: ServiceNow, filed: Filed, text: str, html: str) -> None:
    servicenow.comment(filed.task.number, "alee", text)
    (entry,) = servicenow.journal(filed.task.number)
    assert (entry.text, entry.html) == (text, html)


def test_many_at_once_lose_no_note_and_no_count(servicenow: ServiceNow, api: Asker, filed: Filed) -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda index: api.patch("sc_task", filed.task.sys_id, {"work_notes": f"{index}"}), range(64)))
    assert sorted(servicenow.journal(filed.task.number), key=lambda entry: int(entry.text))[63].text == "63"
    assert len(servicenow.journal(filed.task.number)) == 64
    assert servicenow.row(filed.task.number)["sys_mod_count"] == "64"
