"""Our words for a form's answers, and the words of people that stand for them everywhere."""

from collections.abc import Mapping
from typing import Final, Literal

DEVICES: Final[Mapping[str, Literal["duo_mobile", "security_key"]]] = {
    "duo_mobile": "duo_mobile",
    "security_key": "security_key",
}
PHONES: Final[Mapping[str, Literal["ios", "android", "other"]]] = {
    "ios": "ios",
    "iphone": "ios",
    "android": "android",
    "other": "other",
}
PREFERENCES: Final[Mapping[str, Literal["bypass_code", "activation_link", "enrollment_link"]]] = {
    "bypass_code": "bypass_code",
    "activation_link": "activation_link",
    "enrollment_link": "enrollment_link",
}
