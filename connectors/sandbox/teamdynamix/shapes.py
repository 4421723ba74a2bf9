"""Records as the API shows them: whole, or as rows of a search, which lack most (TeamDynamix facts §3.3, §3.4, §4)."""

from datetime import UTC, datetime
from typing import Any, Final

from connectors.sandbox.teamdynamix.catalogue import App, Attribute, Status
from connectors.sandbox.teamdynamix.records import NOBODY, Entry, Group, Ticket, User
from connectors.sandbox.teamdynamix.site import Site

NEVER: Final = "0001-01-01T05:00:00Z"
NOT_IN_ROWS: Final = ("Attachments", "Attributes", "Description", "Notify", "Tasks")
NOT_IN_PEOPLE_ROWS: Final = ("Applications", "Attributes", "GroupIDs", "OrgApplications", "Permissions")


def date(at: datetime | None) -> str:
    """UTC with as many digits of a second as are needed: "09.79Z", "52Z"."""
    if at is None:
        return NEVER
    text = f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}"[:-3].rstrip("0").rstrip(".")
    return f"{text}Z"


def ticket(site: Site, found: Ticket) -> dict[str, Any]:
    """All of it."""
    app = site.apps[found.app]
    status = app.status(found.status)
    shown = {
        "ID": found.id,
        "AppID": found.app,
        "ParentID": 0,
        "Classification": 46,
        "FormID": found.form,
        "FormName": dict(app.forms).get(found.form, "None"),
        "Title": found.title,
        "Description": found.description,
        "IsRichHtml": False,
        "Uri": f"api/{found.app}/tickets/{found.id}",
        "StatusID": found.status,
        "StatusName": status.name if status else "None",
        "StatusClass": status.status_class if status else 0,
        "ServiceID": 0,
        **_person(site, found.created_by, "Created", date(found.created)),
        **_person(site, found.modified_by, "Modified", date(found.modified)),
        **_requestor(site, found.requestor),
        "ResponsibleUid": found.responsible,
        "ResponsibleFullName": _full_name(site, found.responsible),
        "ResponsibleEmail": _field(site, found.responsible, "PrimaryEmail"),
        "ResponsibleGroupID": found.group,
        "ResponsibleGroupName": site.groups[found.group].name if found.group in site.groups else "None",
        "CompletedDate": date(found.completed),
        "CompletedUid": found.completed_by,
        "IsOnHold": bool(status and status.status_class == 5),
        "GoesOffHoldDate": date(found.goes_off_hold),
        "Attributes": [
            _value(each, found.attributes[each.id]) for each in app.attributes if each.id in found.attributes
        ],
        "Attachments": [],
        "Tasks": [],
        "Notify": [{"Name": name, "Value": address} for name, address in found.notify],
    }
    return shown | {name: "soon" for id_, name in site.switches.garbled_fields if id_ == found.id}


def row(site: Site, found: Ticket) -> dict[str, Any]:
    """What a search shows."""
    return {name: value for name, value in ticket(site, found).items() if name not in NOT_IN_ROWS}


def entry(found: Entry, site: Site, *, replies: bool) -> dict[str, Any]:
    """A feed's line; its replies only where it is asked for alone."""
    return {
        "ID": found.id,
        "CreatedUid": found.uid,
        "CreatedFullName": _full_name(site, found.uid),
        "CreatedDate": date(found.at),
        "LastUpdatedDate": date(found.at),
        "Body": found.body,
        "IsRichHtml": found.rich,
        "UpdateType": found.kind,
        "NotifiedList": ", ".join(found.notified) or None,
        "IsPrivate": found.private,
        "IsCommunication": False,
        "Replies": [entry(each, site, replies=True) for each in found.replies] if replies else [],
        "RepliesCount": len(found.replies),
        "Uri": f"api/feed/{found.id}",
    }


def user(found: User) -> dict[str, Any]:
    """All of a person."""
    fields = dict.fromkeys(
        ("AuthenticationUserName", "AlternateEmail", "AlertEmail", "AlternateID", "MobilePhone", "WorkPhone"), ""
    )
    return {
        "UID": found.uid,
        "TypeID": found.type_id,
        "IsActive": found.is_active,
        "IsEmployee": False,
        **fields,
        **found.fields,
        "FullName": f"{found.fields.get('FirstName', '')} {found.fields.get('LastName', '')}".strip(),
        "Applications": [],
        "Attributes": [
            {"ID": id_, "Name": f"Attribute {id_}", "Value": value} for id_, value in found.attributes.items()
        ],
        "GroupIDs": [],
        "OrgApplications": [],
        "Permissions": [],
    }


def user_row(found: User) -> dict[str, Any]:
    """What people searches show."""
    return {name: value for name, value in user(found).items() if name not in NOT_IN_PEOPLE_ROWS}


def status(app: App, found: Status) -> dict[str, Any]:
    return {
        "ID": found.id,
        "AppID": app.id,
        "AppName": app.name,
        "Name": found.name,
        "StatusClass": found.status_class,
        "IsActive": True,
        "RequireGoesOffHold": found.requires_date,
        "DoNotReopen": False,
        "IsDefault": found.is_default,
    }


def definition(found: Attribute) -> dict[str, Any]:
    choices = [{"ID": id_, "Name": name, "IsActive": True, "Order": 1} for id_, name in found.choices]
    return {"ID": found.id, "Name": found.label, "FieldType": found.field_type, "Choices": choices}


def group(found: Group) -> dict[str, Any]:
    return {"ID": found.id, "Name": found.name, "IsActive": True}


def _value(found: Attribute, value: str) -> dict[str, Any]:
    labels = {str(id_): name for id_, name in found.choices}
    return {
        **definition(found),
        "IsRequired": False,
        "IsUpdatable": True,
        "Value": value,
        "ValueText": value,
        "ChoicesText": labels.get(value, "") if found.choices else "",
    }


def _person(site: Site, uid: str, role: str, at: str) -> dict[str, str]:
    return {
        f"{role}Date": at,
        f"{role}Uid": uid,
        f"{role}FullName": _full_name(site, uid),
        f"{role}Email": _field(site, uid, "PrimaryEmail"),
    }


def _requestor(site: Site, uid: str) -> dict[str, str | None]:
    return {
        "RequestorUid": None if uid == NOBODY else uid,
        "RequestorName": _full_name(site, uid),
        "RequestorFirstName": _field(site, uid, "FirstName"),
        "RequestorLastName": _field(site, uid, "LastName"),
        "RequestorEmail": _field(site, uid, "PrimaryEmail"),
    }


def _field(site: Site, uid: str, name: str) -> str:
    return site.users[uid].fields.get(name, "") if uid in site.users else ""


def _full_name(site: Site, uid: str) -> str:
    return f"{_field(site, uid, 'FirstName')} {_field(site, uid, 'LastName')}".strip() or "None"
