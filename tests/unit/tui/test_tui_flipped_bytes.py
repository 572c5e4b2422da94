"""With the register's word, no changed byte passes."""

import asyncio
import datetime
import random
from dataclasses import dataclass
from typing import cast

from tashika_formats.checkpoint import format_vkey
from tashika_formats.issuance import format_bundle
from tashika_formats.verify_errors import NotAuthenticError
from tashika_tui.client.port import Register
from tashika_tui.client.records import RegisterAnswer, ServerInfo
from tashika_tui.verification import verify_with_register
from tests.unit.formats.issued import NUMBER, Issued, issued

SEED = 20251226
FLIPS = 60


@dataclass
class Memory:
    """A register in memory that knows one certificate."""

    issued: Issued

    async def server_info(self) -> ServerInfo:
        key = self.issued.log.key
        return ServerInfo("1", False, None, None, key.name, format_vkey(key))

    async def verify_certificate(self, pdf_sha256: str) -> RegisterAnswer | None:
        if pdf_sha256 != self.issued.bundle.record.pdf_sha256:
            return None
        return RegisterAnswer("CURRENT", NUMBER, 1, 1, "IN_FORCE", format_bundle(self.issued.bundle), None)


def passes(data: bytes) -> bool:
    """Whether the register's word makes these bytes authentic."""
    register = cast(Register, Memory(issued()))
    try:
        asyncio.run(verify_with_register(register, data, (), datetime.datetime.now(datetime.UTC)))
    except NotAuthenticError:
        return False
    return True


def test_every_flipped_byte_is_not_authentic() -> None:
    print("seed", SEED)
    right = issued().pdf
    assert passes(right)
    for place in random.Random(SEED).sample(range(len(right)), FLIPS):
        flipped = bytes([right[place] ^ 1 << place % 8])
        assert not passes(right[:place] + flipped + right[place + 1 :]), place
