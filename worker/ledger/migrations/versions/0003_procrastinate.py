"""The tables of procrastinate 3.10, on PostgreSQL alone: frozen beside this file, as its own script can't run twice.

Another version of procrastinate needs another revision with that one's migrations; a test compares.
"""

from pathlib import Path

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = Path(__file__).with_suffix(".sql")


def upgrade() -> None:
    bind = op.get_bind()
    if bind.dialect.name == "postgresql":
        bind.execution_options(no_parameters=True).exec_driver_sql(TABLES.read_text(encoding="utf-8"))
