"""What every table of the configuration is made of."""

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from worker.settings.duration import Duration


class Table(BaseModel):
    """One `[table]`: unknown keys are errors, types are exact, values don't change once loaded."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, validate_default=True)


class Rate(Table):
    """At most `count` within any `per`."""

    count: Annotated[int, Field(ge=1, le=10_000)]
    per: Duration


def listed(value: object) -> object:
    """A TOML list as the tuple that a frozen table keeps."""
    return tuple(value) if isinstance(value, list) else value


def one_line(value: str) -> str:
    """Text without line breaks and other control characters."""
    if not value.isprintable():
        raise ValueError("must be one line without control characters")
    return value


def fitting(pattern: str, otherwise: str) -> AfterValidator:
    """Refuses, in the words of `otherwise`, text that isn't wholly of the pattern."""

    def fits(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise ValueError(otherwise)
        return value

    return AfterValidator(fits)


LISTED = BeforeValidator(listed)
Text = Annotated[str, AfterValidator(one_line)]
SomeText = Annotated[Text, Field(min_length=1)]
FieldName = Annotated[str, fitting(r"[A-Za-z][A-Za-z0-9_.]{0,79}", "must be a field name of letters, digits, _ and .")]
OptionalFieldName = Annotated[
    str, fitting(r"([A-Za-z][A-Za-z0-9_.]{0,79})?", "must be empty or a field name of letters, digits, _ and .")
]
SysId = Annotated[str, fitting(r"[0-9a-f]{32}", "must be sys_ids, 32 hexadecimal digits each")]
