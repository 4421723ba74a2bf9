"""Groups with their own status, which overrides a member's and doesn't show in the user (Admin API facts §3)."""

from connectors.duo import parse
from connectors.duo.model import Group
from connectors.duo.transport import Admin


def listing(admin: Admin) -> tuple[Group, ...]:
    """All groups of the account."""
    groups = parse.fit("GET", admin.get_groups(), lambda rows: [parse.group(row) for row in parse.listing(rows)])
    return tuple({group.group_id: group for group in groups}.values())
