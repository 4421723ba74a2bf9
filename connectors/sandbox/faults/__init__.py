"""What goes wrong on purpose: a plan of rules (`plan.py`) and the ways in which a call fails (`http.py`, `mail.py`)."""

from connectors.sandbox.faults.plan import FaultPlan, Met
from connectors.sandbox.faults.rule import Rule, kinds

__all__ = ["FaultPlan", "Met", "Rule", "kinds"]
