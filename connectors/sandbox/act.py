"""One act of a person, an agent or an approver: what it is called, which arguments it takes, how it is done."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from connectors.sandbox.world import Sandbox

Given = Mapping[str, Any]

TYPES: Final[Mapping[str, tuple[type, str]]] = {
    "answers": (dict, "an object of texts"),
    "milliseconds": (int, "a whole number"),
    "nth": (int, "a whole number"),
    "times": (int, "a whole number"),
}


class Impossible(Exception):
    """The act can't be asked for like this; the text says what is wrong."""


@dataclass(frozen=True)
class Act:
    """One act. `needs` must be given, `may` has defaults; all are texts but what `TYPES` says otherwise."""

    run: Callable[[Sandbox, Given], object]
    needs: tuple[str, ...]
    may: Mapping[str, object]

    @property
    def name(self) -> str:
        return self.run.__name__

    @property
    def does(self) -> str:
        return (self.run.__doc__ or "").strip()

    def __call__(self, sandbox: Sandbox, given: Given) -> object:
        """Do it; what came of it, as JSON has it. Raises `Impossible`, or LookupError for whom or what isn't there."""
        self._check(given)
        return self.run(sandbox, {**self.may, **given})

    def _check(self, given: Given) -> None:
        if missing := set(self.needs) - set(given):
            raise Impossible(f"{self.name} needs {', '.join(sorted(missing))}")
        if unknown := set(given) - {*self.needs, *self.may}:
            raise Impossible(f"{self.name} knows no {', '.join(sorted(unknown))}")
        for name, value in given.items():
            wanted, described = TYPES.get(name, (str, "a text"))
            if not isinstance(value, wanted):
                raise Impossible(f"{name} must be {described}")
