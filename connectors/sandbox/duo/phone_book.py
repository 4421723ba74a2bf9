"""The phones of an account, found by id and by number with extension. One number is one phone, whoever owns it (§5)."""

from collections.abc import Iterator

from connectors.sandbox.duo.failures import Failure
from connectors.sandbox.duo.records import Phone


class PhoneBook:
    """Numbers are E.164 here; `odd.country_less_numbers` makes them so."""

    def __init__(self) -> None:
        self._phones: dict[str, Phone] = {}
        self._numbers: dict[tuple[str, str], str] = {}

    def __iter__(self) -> Iterator[Phone]:
        return iter(self._phones.values())

    def __len__(self) -> int:
        return len(self._phones)

    def get(self, phone_id: str) -> Phone | None:
        """The phone of that id."""
        return self._phones.get(phone_id)

    def numbered(self, number: str, extension: str = "") -> Phone | None:
        """The one phone with that number."""
        phone_id = self._numbers.get((number, extension))
        return None if phone_id is None else self._phones[phone_id]

    def add(self, phone: Phone) -> None:
        """A new phone. 40003 where its number exists (§5)."""
        self._claim(phone, phone.number, phone.extension)
        self._phones[phone.phone_id] = phone

    def renumber(self, phone: Phone, number: str, extension: str) -> None:
        """Another number for a phone. 40003, and nothing changed, where another phone has it."""
        self._claim(phone, number, extension)
        if (number, extension) != (phone.number, phone.extension):
            self._numbers.pop((phone.number, phone.extension), None)
        phone.number, phone.extension = number, extension

    def remove(self, phone: Phone) -> None:
        """Forget a phone."""
        del self._phones[phone.phone_id]
        self._numbers.pop((phone.number, phone.extension), None)

    def _claim(self, phone: Phone, number: str, extension: str) -> None:
        if not number:
            return
        if self._numbers.get((number, extension), phone.phone_id) != phone.phone_id:
            raise Failure(40003)
        self._numbers[number, extension] = phone.phone_id
