"""What the key file is for: sealing tokens and facts, deriving passphrases, marking and digesting.

The file holds one Fernet key a line: the first seals, all of them open, so a key is rotated by putting a new line on
top and is retired when nothing sealed with it is kept any more. Everything derived names the key it came from, so a
rotation in the middle of a request changes nothing for it.
"""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from connectors.secret import Secret

_MAKE = "make one with: openssl rand -base64 32 | tr '+/' '-_'"


class UnusableKey(Exception):
    """The key file holds no usable key, or none that opens what the ledger has sealed. The text is for an operator."""


@dataclass(frozen=True)
class _Key:
    id: str
    raw: bytes


class Keys:
    """The keys of one key file. Safe to share between threads."""

    def __init__(self, lines: Sequence[str]) -> None:
        if not lines:
            raise UnusableKey(f"it holds no key; {_MAKE}")
        try:
            self._fernet = MultiFernet([Fernet(line) for line in lines])
        except ValueError as broken:
            raise UnusableKey(
                f"a line of it is not a Fernet key (44 characters of URL-safe base64); {_MAKE}"
            ) from broken
        self._keys = tuple(_Key(hashlib.sha256(line.encode()).hexdigest()[:8], line.encode()) for line in lines)

    @property
    def current(self) -> str:
        """The id of the key that seals and derives now."""
        return self._keys[0].id

    def seal(self, text: str) -> bytes:
        """`text` so that only a holder of the key file reads it, and nobody changes it unnoticed."""
        return self._fernet.encrypt(text.encode())

    def open(self, sealed: bytes) -> str:
        """The text sealed with any of the keys.

        Raises:
            UnusableKey: None of the keys opens it, or it was changed.
        """
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken as broken:
            raise UnusableKey("none of its keys opens what the ledger has sealed") from broken

    def passphrase(self, request: str, attempt: int, key_id: str) -> Secret:
        """Twelve base32 characters that only a holder of the key can tell; the same for the same arguments."""
        digest = self._derive("passphrase", f"{request}\n{attempt}", key_id)
        return Secret(base64.b32encode(digest).decode()[:12])

    def marker(self, purpose: str, what: str, key_id: str) -> str:
        """A text that proves a thing to be ours and tells nothing else: 20 hexadecimal characters."""
        return self._derive(purpose, what, key_id).hex()[:20]

    def digest(self, text: str) -> str:
        """A keyed digest of `text`, to compare later without keeping it."""
        return self._digest(text, self.current)

    def same(self, text: str, digest: str) -> bool:
        """Whether `digest` was made of `text`, with whichever of the keys."""
        key_id = digest.partition(":")[0]
        return key_id in self._ids() and hmac.compare_digest(self._digest(text, key_id), digest)

    def _digest(self, text: str, key_id: str) -> str:
        return f"{key_id}:{self._derive('digest', text, key_id).hex()[:32]}"

    def _derive(self, purpose: str, text: str, key_id: str) -> bytes:
        return hmac.new(self._key(key_id).raw, f"{purpose}\n{text}".encode(), hashlib.sha256).digest()

    def _key(self, key_id: str) -> _Key:
        for key in self._keys:
            if key.id == key_id:
                return key
        raise UnusableKey(f"it no longer holds the key {key_id}, with which an open request was begun")

    def _ids(self) -> frozenset[str]:
        return frozenset(key.id for key in self._keys)
