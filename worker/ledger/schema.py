"""The tables. Migrations make them; a test compares the two."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    UniqueConstraint,
    text,
)

from worker.ledger.columns import Instant, Json, Text
from worker.ledger.states import BUSY, State

metadata = MetaData()

_IN_STATES = ", ".join(f"'{state}'" for state in State)
_IN_BUSY = text("state IN (" + ", ".join(f"'{state}'" for state in BUSY) + ")")

requests = Table(
    "requests",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("system", Text, nullable=False),
    Column("ticket_id", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("other_numbers", Json, nullable=False),
    Column("person", Text, nullable=False),  # the ticket system's id of the affected person
    Column("user_name", Text, nullable=False),
    Column("opener", Text, nullable=False),
    Column("filed_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("answers_digest", Text, nullable=False),
    Column("number_digest", Text, nullable=False),
    Column("decided_digest", Text, nullable=False),  # answers_digest when it was decided
    Column("edited_at", Instant),  # no `#verified` note from before counts: answers were edited, or the check is spent
    Column("state", Text, nullable=False),
    Column("state_at", Instant, nullable=False),
    Column("due_at", Instant),
    Column("waits_for", Text, nullable=False),
    Column("wait_row", Text, nullable=False),
    Column("wait_since", Instant),
    Column("attempts", Integer, nullable=False),
    Column("round", Integer, nullable=False),  # how many times it was decided
    Column("outcome", Text, nullable=False),
    Column("then_option", Text, nullable=False),
    Column("rule_row", Text, nullable=False),
    Column("because", Text, nullable=False),
    Column("next_step", Text, nullable=False),
    Column("proof", Text, nullable=False),
    Column("evidence", Json, nullable=False),
    Column("tables_version", Text, nullable=False),
    Column("decided_at", Instant),
    Column("delivered_at", Instant),
    Column("duo_user_id", Text, nullable=False),
    Column("address_digest", Text, nullable=False),
    Column("facts", LargeBinary),  # sealed JSON
    Column("baseline", Json, nullable=False),  # ids of the devices that Duo showed when it was decided
    Column("followed", Json, nullable=False),  # what the follow-up has done and found
    Column("trouble", Text, nullable=False),  # why it ended badly, in a word a brake can count
    Column("how", Text, nullable=False),  # how it ended
    Column("handed_over", Boolean, nullable=False),
    Column("markers_accepted", Boolean, nullable=False),  # staff handed back a ticket with notes of ours unknown here
    Column("revoke_note", Text, nullable=False),  # id of the last `#revoke` that was obeyed
    Column("pokes", Integer, nullable=False),  # counts the changes seen by the poll, so that none is slept through
    Column("lease_owner", Text, nullable=False),
    Column("lease_until", BigInteger, nullable=False),  # on the database's clock
    Column("fence", Integer, nullable=False),
    Column("bugs", Integer, nullable=False, server_default="0"),  # met on it since it last went as far as it goes
    Column("deaths", Integer, nullable=False, server_default="0"),  # of processes that had it, since then
    UniqueConstraint("system", "ticket_id", name="one_row_per_ticket"),
    CheckConstraint(f"state IN ({_IN_STATES})", name="known_state"),
)
Index("one_busy_request_per_person", requests.c.system, requests.c.person, unique=True, sqlite_where=_IN_BUSY,
      postgresql_where=_IN_BUSY)  # fmt: skip
Index("requests_by_due_time", requests.c.due_at)
Index("requests_by_person", requests.c.system, requests.c.person)
Index("requests_by_opener", requests.c.system, requests.c.opener)
Index("requests_by_number", requests.c.number)

steps = Table(
    "steps",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("request_id", Integer, ForeignKey("requests.id", ondelete="CASCADE"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("round", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("target", Integer, nullable=False),  # seq of the step that an undo step undoes; 0: none
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("intents", Json, nullable=False),  # what each attempt was about to do, the last one last
    Column("result", Json, nullable=False),
    Column("secret", LargeBinary),  # sealed
    Column("begun_at", Instant),
    Column("ended_at", Instant),
    Column("seal", Text, nullable=False, default=""),  # proves the row to be the worker's
    UniqueConstraint("request_id", "seq", name="one_step_per_place"),
    CheckConstraint("state IN ('planned', 'begun', 'done', 'failed', 'dropped')", name="known_step_state"),
)
Index("steps_by_time", steps.c.name, steps.c.begun_at)

events = Table(
    "events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("request_id", Integer, ForeignKey("requests.id", ondelete="CASCADE")),
    Column("at", Instant, nullable=False),
    Column("name", Text, nullable=False),
    Column("detail", Json, nullable=False),
)
Index("events_by_request", events.c.request_id)

seen = Table(
    "seen",
    metadata,
    Column("system", Text, primary_key=True),
    Column("ticket_id", Text, primary_key=True),
    Column("stamp", Text, nullable=False),
    Column("at", Instant, nullable=False),
)

sightings = Table(
    "sightings",
    metadata,
    Column("txid", Text, primary_key=True),
    Column("duo_user_id", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("factor", Text, nullable=False),
    Column("country", Text, nullable=False),
)
Index("sightings_by_user", sightings.c.duo_user_id, sightings.c.at)

resets = Table(
    "resets",
    metadata,
    Column("system", Text, primary_key=True),
    Column("ticket_id", Text, primary_key=True),
    Column("person", Text, nullable=False),
    Column("filed_at", Instant, nullable=False),
)
Index("resets_by_person", resets.c.system, resets.c.person)

made_phones = Table(
    "made_phones",
    metadata,
    Column("phone_id", Text, primary_key=True),
    Column("at", Instant, nullable=False),
)

marks = Table(
    "marks",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Json, nullable=False),
    Column("at", Instant, nullable=False),
)

leases = Table(
    "leases",
    metadata,
    Column("name", Text, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("until", BigInteger, nullable=False),
)

budgets = Table(
    "budgets",
    metadata,
    Column("system", Text, primary_key=True),
    Column("next_slot", BigInteger, nullable=False),
    Column("not_before", BigInteger, nullable=False),
)

moves = Table(
    "moves",
    metadata,
    Column("before", Text, primary_key=True),
    Column("after", Text, primary_key=True),
)
