"""Passwords: slow to guess, and nobody learns which name exists."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tashika_server.security import passwords
from tashika_server.security.passwords import PRODUCTION, ArgonPasswords, Cost


@pytest_asyncio.fixture
async def cheap() -> AsyncIterator[ArgonPasswords]:
    made = ArgonPasswords(Cost(passes=1, memory_kib=8, lanes=1))
    yield made
    made.close()


async def test_the_right_password_fits_and_no_other(cheap: ArgonPasswords) -> None:
    encoded = await cheap.hash("合言葉 correct horse")
    assert encoded.startswith("$argon2id$v=19$")
    assert await cheap.verify("合言葉 correct horse", encoded)
    assert not await cheap.verify("合言葉 correct horsf", encoded)
    assert not await cheap.verify("", encoded)


async def test_the_same_password_never_looks_the_same(cheap: ArgonPasswords) -> None:
    assert await cheap.hash("p") != await cheap.hash("p")


@pytest.mark.parametrize("encoded", ["", "$argon2id$", "plain", "$argon2id$v=19$m=8,t=1,p=1$AAAA$AAAA"])
async def test_no_hash_fits_nobody_and_still_costs_a_hash(
    cheap: ArgonPasswords, encoded: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    verified: list[str] = []
    hasher = cheap._hasher
    real = type(hasher).verify

    def count(self: object, hash: str, password: str) -> bool:
        verified.append(hash)
        return real(hasher, hash, password)

    monkeypatch.setattr(type(hasher), "verify", count)
    assert not await cheap.verify("", encoded)
    assert verified[-1] == cheap._dummy


async def test_an_odd_password_is_only_wrong(cheap: ArgonPasswords) -> None:
    encoded = await cheap.hash("p")
    for odd in ("\0", "x" * 100_000, "\u202e"):
        assert not await cheap.verify(odd, encoded)


def test_the_cost_in_production_is_that_of_rfc_9106() -> None:
    assert (PRODUCTION.passes, PRODUCTION.memory_kib) == (3, 64 * 1024)
    assert passwords._AT_ONCE * PRODUCTION.memory_kib <= 256 * 1024
