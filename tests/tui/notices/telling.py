"""A simulated register in which people were told of things."""

from datetime import timedelta

from tashika_tui.client import records
from tashika_tui.client.fake import FakeRegister, World
from tashika_tui.client.fake.noticing import tell
from tests.tui.contractor.playing import world

WEEK = ("ACCEPTED", "ISSUED", "HANDED_IN", "OPENED", "RETURNED", "REFUSED", "KEY_REISSUED", "KEY_GUESSING")
"""One of each kind, the oldest first."""


async def in_force(held: World) -> records.Contract:
    """A contract in force, of the first contractor."""
    register = await FakeRegister.signed_in(held, "contractor")
    wanted = records.ContractFilter(state="IN_FORCE")
    row = (await register.list_contracts(wanted, records.PageRequest(size=1))).items[0]
    contract = held.contract(row.contract_id)
    assert contract is not None
    return contract


async def told(*kinds: str, held: World | None = None) -> tuple[World, records.Contract]:
    """A register in which everybody was told of this about one contract, an hour apart."""
    held = held or world()
    contract = await in_force(held)
    for kind in kinds:
        held.tick(timedelta(hours=1))
        tell(held, kind, contract)
    return held, contract


def notices_of(held: World, login_name: str) -> list[records.Notice]:
    """What somebody was told, the newest first."""
    return [each.notice for each in reversed(held.told.get(held.people[login_name].user_id, []))]


def unread_of(held: World, login_name: str) -> list[str]:
    """The kinds of what somebody has not read, the newest first."""
    return [each.kind for each in notices_of(held, login_name) if each.read_time is None]
