"""A stand-in for the Duo Admin API: the real protocol, with the oddities of the Admin API facts.

One engine (`engine.py`) over tables (`routes.py`, `failures.py`, `rates.py`, `switches.py`). `api/` answers calls,
`acts/` is what people, agents and administrators do beside the API, and `odd/` has one file for each behaviour that
nobody would expect. What the facts call unconfirmed is a switch.
"""

from connectors.sandbox.duo.stand_in import Duo

__all__ = ["Duo"]
