"""sys_rate_limit_rules: so many requests per clock hour and API, counted late (ServiceNow facts §5)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from connectors.sandbox.servicenow.instance import Caller, Instance
from connectors.sandbox.servicenow.replies import Refusal, error
from connectors.sandbox.servicenow.switches import RateLimit

HOUR = timedelta(hours=1)


@dataclass
class _Count:
    """What one rule has seen in one clock hour: what counts, and what no node has committed yet."""

    hour: datetime
    committed: int = 0
    pending: int = 0
    committed_at: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.committed_at = self.hour


class RateLimits:
    """The counters of one instance."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._counts: dict[RateLimit, _Count] = {}

    def count(self, caller: Caller, api: str, method: str) -> Mapping[str, str]:
        """Count one request; the headers that a matching rule adds to its answer. Over the limit: 429."""
        rule = self._rule(caller, api, method)
        if rule is None:
            return {}
        now = self._instance.clock()
        count = self._counted(rule, now)
        ends = count.hour + HOUR
        headers = {
            "X-RateLimit-Limit": str(rule.requests),
            "X-RateLimit-Reset": str(int(ends.timestamp())),
            "X-RateLimit-Rule": rule.rule,
        }
        if count.committed > rule.requests:
            detail = f"Rate limit of {rule.requests} requests per hour for {rule.api} exceeded"
            wait = {"Retry-After": str(max(1, int((ends - now).total_seconds())))}
            raise Refusal(error(429, "Rate limit exceeded", detail, {**headers, **wait}))
        return headers

    def _rule(self, caller: Caller, api: str, method: str) -> RateLimit | None:
        """The one that counts: a user's own before one for all."""
        matching = [
            rule
            for rule in self._instance.switches.rate_limits
            if rule.api == api
            and (not rule.methods or method in rule.methods)
            and rule.user_name in ("", caller.user_name)
        ]
        return max(matching, key=lambda rule: bool(rule.user_name), default=None)

    def _counted(self, rule: RateLimit, now: datetime) -> _Count:
        hour = now.replace(minute=0, second=0, microsecond=0)
        count = self._counts.get(rule)
        if count is None or count.hour != hour:
            count = self._counts[rule] = _Count(hour)
        count.pending += 1
        if now - count.committed_at >= rule.counted_every:
            count.committed, count.pending, count.committed_at = count.committed + count.pending, 0, now
        return count
