"""ServiceNow's own pysnc 1.2.1 against the running stand-in (ServiceNow facts §7, §8.3)."""

from typing import Any

import pysnc
import pytest

from connectors.sandbox.http import Server
from connectors.sandbox.servicenow import AbortRule, Filed, ServiceNow
from connectors.sandbox.tls import Certificates


def table(snc: Any, name: str = "sc_task") -> Any:
    return snc.GlideRecord(name)


@pytest.fixture
def admin(server: Server, servicenow: ServiceNow, trust: Certificates) -> Any:
    servicenow.set_password("admin", "admin's")
    client = pysnc.ServiceNowClient(server.url, ("admin", "admin's"), verify=str(trust.ca_file), auto_retry=False)
    client.session.trust_env = False
    return client


def test_a_record_is_got_with_values_and_display_values(snc: Any, filed: Filed) -> None:
    record = table(snc)
    assert record.get(filed.task.sys_id)
    assert (record.get_value("state"), record.get_display_value("state")) == ("1", "Open")
    assert record.get_display_value("request_item") == filed.item.number
    assert not table(snc).get("bunk")


def test_a_dot_walk_of_depth_two_becomes_elements(snc: Any, filed: Filed) -> None:
    record = table(snc)
    record.fields = "request_item,request_item.requested_for,request_item.requested_for.email"
    assert record.get(filed.task.sys_id)
    assert record.request_item.requested_for.email == "ann.lee@example.edu"


def test_its_batches_give_every_row_once(snc: Any, servicenow: ServiceNow) -> None:
    numbers = [servicenow.file_request("alee", {}).task.number for _ in range(7)]
    record = snc.GlideRecord("sc_task", batch_size=3)
    record.query()
    assert sorted(each.number for each in record) == numbers
    assert len(record) == 7


def test_conditions_joins_and_unknown_fields_pass(snc: Any, filed: Filed) -> None:
    record = table(snc)
    either = record.add_query("number", "bunk")
    either.add_or_condition("number", filed.task.number)
    record.add_query("no_such_field", "x")
    record.add_null_query("closed_at")
    record.query()
    assert len(record) == 1
    groups = table(snc, "sys_user_group")
    groups.add_join_query("sys_user_grmember", join_table_field="group").add_query("user.user_name", "tdesk")
    groups.query()
    assert len(groups) == 2
    lonely = table(snc, "sys_user_group")
    lonely.add_rl_query("sys_user_grmember", "group", "=0", True)
    lonely.query()
    assert [each.name for each in lonely] == ["Duo Hold Queue"]


def test_a_query_too_long_for_a_url_is_refused_with_a_page(snc: Any) -> None:
    assert not table(snc).get("bunk")
    with pytest.raises(pysnc.exceptions.RequestException, match="<html>"):
        table(snc, "A" * 23_000).get("bunk")


def test_a_query_over_10_000_characters_goes_by_batch(snc: Any, filed: Filed) -> None:
    record = table(snc)
    for _ in range(1100):
        record.add_query("AAAA", "BBBB")
    record.add_query("sys_id", filed.task.sys_id)
    record.query()
    assert [each.number for each in record] == [filed.task.number]


def test_its_update_sends_what_changed(snc: Any, servicenow: ServiceNow, filed: Filed) -> None:
    record = table(snc)
    assert record.get(filed.task.sys_id)
    record.state = "2"
    record.work_notes = "taken"
    assert record.update() == filed.task.sys_id
    assert (record.state, record.get_value("work_notes")) == ("2", "")
    assert servicenow.journal(filed.task.number)[0].text == "taken"


def test_records_are_inserted_updated_and_deleted_many_at_once(admin: Any, servicenow: ServiceNow) -> None:
    for index in range(4):
        record = table(admin)
        record.initialize()
        chosen = f"AAAABBBBCCCCDDDDEEEEFFFF0000111{index}"
        record.set_new_guid_value(chosen)
        record.short_description = f"made {index}"
        assert record.insert() == chosen
    servicenow.switch(abort_rules=(AbortRule("sc_task", when="short_descriptionLIKEEICAR"),))
    many = table(admin)
    many.query()
    for index, record in enumerate(many):
        record.short_description = "fine" if index % 2 else "EICAR"
    assert not many.update_multiple()
    assert len(many) == 4
    fine = table(admin)
    fine.add_query("short_description", "fine")
    fine.query()
    assert len(fine) == 2
    assert fine.delete_multiple()
    left = table(admin)
    left.query()
    assert len(left) == 2


def test_failures_have_its_types(snc: Any, servicenow: ServiceNow, filed: Filed) -> None:
    record = table(snc)
    record.get(filed.task.sys_id)
    servicenow.switch(abort_rules=(AbortRule("sc_task", when="state=2"),))
    record.state = "2"
    with pytest.raises(pysnc.exceptions.RoleException, match="aborted by Business Rule"):
        record.update()
    servicenow.set_user("duo.worker", locked_out="true")
    with pytest.raises(pysnc.exceptions.AuthenticationException, match="Required to provide Auth information"):
        table(snc).get(filed.task.sys_id)


def test_an_attachment_goes_up_and_comes_down(snc: Any, servicenow: ServiceNow, filed: Filed) -> None:
    servicenow.switch(instance_url=snc.instance)
    record = table(snc)
    record.get(filed.task.sys_id)
    where = record.add_attachment("photo.bin", b"\x00\x01\x02")
    attachments = record.get_attachments()
    assert len(attachments) == 1
    assert attachments.next()
    assert (attachments.get_link(), attachments.read()) == (where, b"\x00\x01\x02")


def test_client_credentials_and_a_refreshed_password_grant(
    server: Server, servicenow: ServiceNow, trust: Certificates, filed: Filed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(trust.ca_file))  # the token request takes no `verify`
    mine = servicenow.credentials
    by_client = pysnc.ServiceNowClientCredentialsFlow(mine.client_id, mine.client_secret)
    by_user = pysnc.ServiceNowPasswordGrantFlow(mine.user_name, mine.password, mine.client_id, mine.client_secret)
    for flow in (by_client, by_user):
        client = pysnc.ServiceNowClient(server.url, flow, auto_retry=False)
        assert table(client).get(filed.task.sys_id)
        client.session.close()
