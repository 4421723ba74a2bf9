"""What the Web API answers, one function for each call (TeamDynamix facts §2.2, §3, §4)."""

from collections.abc import Mapping
from typing import Any, Final

from connectors.sandbox.teamdynamix import patch, search, shapes
from connectors.sandbox.teamdynamix.catalogue import PORTAL_APP, App
from connectors.sandbox.teamdynamix.records import CREATED, Entry, Refusal, Ticket, User
from connectors.sandbox.teamdynamix.site import Site

ASSIGNEES_AT_MOST: Final = 5
WORDS: Final = {True: True, False: False, "True": True, "False": False}  # as its JSON reader takes texts for booleans


def applications(site: Site) -> list[dict[str, Any]]:
    ticketing = [
        {"AppID": app.id, "Name": app.name, "AppClass": "TDTickets", "Active": True} for app in site.apps.values()
    ]
    return [*ticketing, {"AppID": PORTAL_APP, "Name": "Client Portal", "AppClass": "TDClient", "Active": True}]


def statuses(app: App) -> list[dict[str, Any]]:
    return [shapes.status(app, each) for each in app.statuses]


def forms(app: App) -> list[dict[str, Any]]:
    return [{"ID": id_, "AppID": app.id, "Name": name, "IsActive": True} for id_, name in app.forms]


def definitions(site: Site, app_id: int) -> list[dict[str, Any]]:
    if not site.switches.definitions_right:
        raise Refusal(403, "You do not have permission to view attributes.")
    app = site.apps.get(app_id)
    return [shapes.definition(each) for each in app.attributes] if app else []


def tickets(site: Site, app: App, asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [shapes.row(site, each) for each in search.found(site, app.id, asked)]


def create(site: Site, app: App, caller: User, body: Mapping[str, Any]) -> dict[str, Any]:
    """A ticket by the API. Raises a 400 where title, requestor or status is missing."""
    if not body.get("Title") or not body.get("RequestorUid"):
        raise Refusal(400, "Title and RequestorUid are required.")
    now = site.clock()
    made = Ticket(
        site.new_id(),
        app.id,
        int(body.get("FormID") or 0),
        str(body["Title"]),
        int(body.get("StatusID") or app.statuses[0].id),
        str(body["RequestorUid"]),
        caller.uid,
        now,
        now,
        caller.uid,
        description=str(body.get("Description") or ""),
        attributes={int(each["ID"]): str(each["Value"]) for each in body.get("Attributes") or ()},
    )
    made.feed.append(Entry(site.new_id(), caller.uid, now, "Created this ticket.", CREATED))
    site.tickets[made.id] = made
    return shapes.ticket(site, made)


def feed(site: Site, ticket: Ticket) -> list[dict[str, Any]]:
    """Newest first."""
    apart = site.switches.replies_apart
    return [shapes.entry(each, site, replies=not apart) for each in reversed(ticket.feed)]


def feed_entry(site: Site, entry_id: int) -> dict[str, Any]:
    for ticket in site.tickets.values():
        for each in ticket.feed:
            if each.id == entry_id:
                return shapes.entry(each, site, replies=True)
    raise Refusal(404, "The feed entry could not be found.")


def post_feed(site: Site, ticket: Ticket, caller: User, body: Mapping[str, Any]) -> dict[str, Any]:
    """A comment, a change of status, or both. Raises a 403 in no JSON where the content filter finds fault."""
    text, status = str(body.get("Comments") or ""), int(body.get("NewStatusID") or 0)
    private = WORDS.get(body.get("IsPrivate", False))
    if private is None:
        raise Refusal(400, "IsPrivate must be a boolean.")
    if any(filtered in text for filtered in site.switches.filtered_texts):
        raise Refusal(403, "")
    notify = tuple(str(each) for each in body.get("Notify") or ())
    if status:
        made = site.move(ticket, caller.uid, status, text, private=private)
        made.notified = notify
    elif text:
        made = site.say(ticket, caller.uid, text, private=private, notify=notify)
    else:
        raise Refusal(400, "Comments or NewStatusID is required.")
    return shapes.entry(made, site, replies=False)


def edit(site: Site, ticket: Ticket, caller: User, body: Mapping[str, Any]) -> dict[str, Any]:
    patch.edit(site, ticket, caller.uid, body)
    return shapes.ticket(site, ticket)


def patched(site: Site, ticket: Ticket, caller: User, operations: object) -> dict[str, Any]:
    patch.patch(site, ticket, caller.uid, operations)
    return shapes.ticket(site, ticket)


def assignees(site: Site, text: str) -> list[dict[str, Any]]:
    """Who can be made responsible, five at most."""
    fitting = [user for user in site.users.values() if user.is_active and _names(user, text)]
    able = [user for user in fitting if user.user_name not in site.switches.unassignable]
    return [{"Name": user.user_name, "UID": user.uid} for user in able[:ASSIGNEES_AT_MOST]]


def person(site: Site, name: str) -> dict[str, Any]:
    """By UID or log-in name."""
    for user in site.users.values():
        if name in (user.uid, user.fields.get("UserName")):
            return shapes.user(user)
    raise Refusal(404, "The person could not be found.")


def people(site: Site, asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    if not site.switches.people_right:
        return []
    active = asked.get("IsActive", True)
    wanted = [user for user in site.users.values() if active is None or user.is_active == active]
    for key, name in (("UserName", "UserName"), ("ExternalID", "ExternalID"), ("AlternateID", "AlternateID")):
        if asked.get(key):
            wanted = [user for user in wanted if user.fields.get(name) == asked[key]]
    text = str(asked.get("SearchText") or "")
    rows = [shapes.user_row(user) for user in wanted if _names(user, text)]
    return rows[: int(asked["MaxResults"])] if asked.get("MaxResults") else rows


def groups(site: Site, asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    like = str(asked.get("NameLike") or "").casefold()
    return [shapes.group(each) for each in site.groups.values() if like in each.name.casefold()]


def members(site: Site, group_id: int) -> list[dict[str, Any]]:
    if group_id not in site.groups:
        raise Refusal(404, "The group could not be found.")
    return [shapes.user_row(site.users[uid]) for uid in site.groups[group_id].members]


def _names(user: User, text: str) -> bool:
    words = (user.user_name, *user.fields.values())
    return any(text.casefold() in word.casefold() for word in words)
