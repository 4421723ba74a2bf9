"""An ended request may be decided again when its ticket is reopened; bugs and deaths met on a request are counted."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the move and the two counts."""
    moves = sa.table("moves", sa.column("before", sa.Text), sa.column("after", sa.Text))
    op.bulk_insert(moves, [{"before": "closed", "after": "new"}])
    for name in ("bugs", "deaths"):
        op.add_column("requests", sa.Column(name, sa.Integer, nullable=False, server_default="0"))
