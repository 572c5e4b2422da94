"""Page tokens (AIP-158): where a list goes on, for the same filters only, and not for ever."""

import base64
import binascii
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tashika_server.application.ports import Clock, Vault
from tashika_server.domain.reasons import Reason, RefusedError, refuse

LIFETIME = timedelta(hours=24)
"""A list that was left open over night still goes on; after that, nobody remembers what he was looking at."""

FORMAT = 1

_MAC_BYTES = 32
_MAX_CHARACTERS = 2000


@dataclass(frozen=True, slots=True)
class Position:
    """Where a list goes on: the sort value and the id of the last row seen, and in which direction."""

    sort_value: str
    entity_id: str
    backwards: bool = False


class PageTokenSeal:
    """Makes and reads page tokens. ``filters`` is whatever must not change between the pages of one list: the
    method, the caller's scope, every filter and the sort column, as the caller of this writes it."""

    def __init__(self, vault: Vault, clock: Clock) -> None:
        self._vault = vault
        self._clock = clock

    def make(self, filters: bytes, position: Position) -> str:
        """Write a token for going on at a position of a list with these filters."""
        expires = int((self._clock.now() + LIFETIME).timestamp())
        content = json.dumps(
            [FORMAT, position.sort_value, position.entity_id, position.backwards, expires],
            ensure_ascii=False,
            separators=(",", ":"),
        ).encode("utf-8")
        return base64.urlsafe_b64encode(self._mac(filters, content) + content).rstrip(b"=").decode("ascii")

    def read(self, filters: bytes, token: str) -> Position:
        """Give the position. Raises ``RefusedError`` with PAGE_TOKEN_INVALID for a token that is not ours, is for
        other filters, or is older than 24 hours."""
        if len(token) > _MAX_CHARACTERS or not token.isascii():
            raise _invalid()
        try:
            data = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            raise _invalid() from None
        mac, content = data[:_MAC_BYTES], data[_MAC_BYTES:]
        if not hmac.compare_digest(mac, self._mac(filters, content)):
            raise _invalid()
        version, sort_value, entity_id, backwards, expires = json.loads(content)
        if version != FORMAT or self._clock.now() >= datetime.fromtimestamp(expires, UTC):
            raise _invalid()
        return Position(sort_value, entity_id, backwards)

    def _mac(self, filters: bytes, content: bytes) -> bytes:
        return self._vault.digest("page-token", filters, content)


def _invalid() -> RefusedError:
    return refuse(Reason.PAGE_TOKEN_INVALID, "page_token")
