"""The ledger: requests, steps, events, leases, budgets, and the table of moves that guards every state."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

STATES = "'new', 'acting', 'awaiting', 'closed', 'held', 'unsure', 'refused'"
STEP_STATES = "'planned', 'begun', 'done', 'failed', 'dropped'"
MOVES = {
    "new": ("acting", "held", "unsure", "refused", "closed"),
    "acting": ("awaiting", "held", "unsure", "refused", "closed"),
    "awaiting": ("acting", "held", "unsure", "refused", "closed"),
    "held": ("new", "unsure", "closed"),
    "unsure": ("new", "held", "closed"),
    "refused": ("new", "unsure", "closed"),
    "closed": ("unsure",),
}
SQLITE_GUARD = """
CREATE TRIGGER state_moves BEFORE UPDATE OF state ON requests
WHEN OLD.state <> NEW.state
 AND NOT EXISTS (SELECT 1 FROM moves WHERE moves.before = OLD.state AND moves.after = NEW.state)
BEGIN SELECT RAISE(ABORT, 'this move of state is not in the table of moves'); END
"""
POSTGRESQL_GUARD = """
CREATE FUNCTION check_state_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state <> NEW.state
     AND NOT EXISTS (SELECT 1 FROM moves WHERE moves.before = OLD.state AND moves.after = NEW.state) THEN
    RAISE EXCEPTION 'this move of state is not in the table of moves';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER state_moves BEFORE UPDATE OF state ON requests FOR EACH ROW EXECUTE FUNCTION check_state_move();
"""


def text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False)


def instant(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=nullable)


def upgrade() -> None:
    _requests()
    _steps()
    _memory()
    _guard()


def _requests() -> None:
    op.create_table(
        "requests",
        sa.Column("id", sa.Integer, primary_key=True),
        *(text(name) for name in ("system", "ticket_id", "number", "other_numbers", "person", "user_name", "opener")),
        instant("filed_at"),
        instant("seen_at"),
        *(text(name) for name in ("answers_digest", "number_digest", "decided_digest")),
        instant("edited_at", nullable=True),
        text("state"),
        instant("state_at"),
        instant("due_at", nullable=True),
        *(text(name) for name in ("waits_for", "wait_row")),
        instant("wait_since", nullable=True),
        *(number(name) for name in ("attempts", "round")),
        *(text(name) for name in ("outcome", "then_option", "rule_row", "because", "next_step", "proof", "evidence")),
        text("tables_version"),
        instant("decided_at", nullable=True),
        instant("delivered_at", nullable=True),
        *(text(name) for name in ("duo_user_id", "address_digest")),
        sa.Column("facts", sa.LargeBinary),
        *(text(name) for name in ("baseline", "followed")),
        *(text(name) for name in ("trouble", "how")),
        sa.Column("handed_over", sa.Boolean, nullable=False),
        sa.Column("markers_accepted", sa.Boolean, nullable=False),
        text("revoke_note"),
        number("pokes"),
        text("lease_owner"),
        instant("lease_until"),
        number("fence"),
        sa.UniqueConstraint("system", "ticket_id", name="one_row_per_ticket"),
        sa.CheckConstraint(f"state IN ({STATES})", name="known_state"),
    )
    busy = sa.text("state IN ('acting', 'awaiting', 'unsure')")
    op.create_index("one_busy_request_per_person", "requests", ["system", "person"], unique=True,
                    sqlite_where=busy, postgresql_where=busy)  # fmt: skip
    op.create_index("requests_by_due_time", "requests", ["due_at"])
    op.create_index("requests_by_person", "requests", ["system", "person"])
    op.create_index("requests_by_opener", "requests", ["system", "opener"])
    op.create_index("requests_by_number", "requests", ["number"])


def _steps() -> None:
    owner = sa.ForeignKey("requests.id", ondelete="CASCADE")
    op.create_table(
        "steps",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("request_id", sa.Integer, owner, nullable=False),
        *(number(name) for name in ("seq", "round")),
        text("name"),
        number("target"),
        text("state"),
        number("attempts"),
        *(text(name) for name in ("intents", "result")),
        sa.Column("secret", sa.LargeBinary),
        instant("begun_at", nullable=True),
        instant("ended_at", nullable=True),
        text("seal"),
        sa.UniqueConstraint("request_id", "seq", name="one_step_per_place"),
        sa.CheckConstraint(f"state IN ({STEP_STATES})", name="known_step_state"),
    )
    op.create_index("steps_by_time", "steps", ["name", "begun_at"])
    op.create_table(
        "events",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("request_id", sa.Integer, sa.ForeignKey("requests.id", ondelete="CASCADE")),
        instant("at"),
        text("name"),
        text("detail"),
    )
    op.create_index("events_by_request", "events", ["request_id"])


def _memory() -> None:
    op.create_table(
        "seen",
        sa.Column("system", sa.Text, primary_key=True),
        sa.Column("ticket_id", sa.Text, primary_key=True),
        text("stamp"),
        instant("at"),
    )
    op.create_table(
        "sightings",
        sa.Column("txid", sa.Text, primary_key=True),
        text("duo_user_id"),
        instant("at"),
        *(text(name) for name in ("factor", "country")),
    )
    op.create_index("sightings_by_user", "sightings", ["duo_user_id", "at"])
    op.create_table(
        "resets",
        sa.Column("system", sa.Text, primary_key=True),
        sa.Column("ticket_id", sa.Text, primary_key=True),
        text("person"),
        instant("filed_at"),
    )
    op.create_index("resets_by_person", "resets", ["system", "person"])
    op.create_table("made_phones", sa.Column("phone_id", sa.Text, primary_key=True), instant("at"))
    op.create_table("marks", sa.Column("name", sa.Text, primary_key=True), text("value"), instant("at"))
    op.create_table("leases", sa.Column("name", sa.Text, primary_key=True), text("owner"), instant("until"))
    op.create_table(
        "budgets", sa.Column("system", sa.Text, primary_key=True), instant("next_slot"), instant("not_before")
    )


def _guard() -> None:
    moves = op.create_table(
        "moves", sa.Column("before", sa.Text, primary_key=True), sa.Column("after", sa.Text, primary_key=True)
    )
    pairs = [{"before": before, "after": after} for before, afters in MOVES.items() for after in afters]
    op.bulk_insert(moves, pairs)
    op.execute(POSTGRESQL_GUARD if op.get_bind().dialect.name == "postgresql" else SQLITE_GUARD)
