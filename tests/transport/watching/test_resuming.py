"""Whoever watches with broken lines misses nothing and is told nothing twice: random changes, random breaks."""

import asyncio
import random
from typing import Any

import pytest

from tashika_server.application import watch_hub, watching
from tashika_server.domain.model import ContractState
from tests.storage.test_feed import changes
from tests.storage.world import CONTRACTOR, GUARANTOR, contract
from tests.transport.watching.site import SECONDS, Site

WHO = {"contractor": CONTRACTOR, "other": "org_other", "underwriter": GUARANTOR}
COMMITS = 60


async def change_at_random(site: Site, made: random.Random) -> int:
    """Commit changes of everybody's contracts, alone and several at once; give the last revision."""
    live: dict[int, Any] = {}
    for _ in range(COMMITS):
        steps: list[Any] = []
        for number in made.sample(range(1, 9), made.randint(1, 3)):
            if number in live and live[number].state is ContractState.DRAFT and made.random() < 0.3:
                steps.append(number)
                del live[number]
                continue
            state = made.choice([ContractState.DRAFT, ContractState.SUBMITTED])
            live[number] = contract(
                number, state, organization_id="org_other" if number % 3 == 0 else CONTRACTOR
            )
            steps.append(live[number])
        await site.store.run(changes(*steps))
        if made.random() < 0.3:
            await asyncio.sleep(made.random() * 0.01)
    return await site.store.read(lambda view: view.revision())


async def watch_with_breaks(
    site: Site, who: str, made: random.Random, done: "asyncio.Future[int]"
) -> list[Any]:
    """Watch until the last revision is told, breaking off again and again; give everything that was told."""
    told: list[Any] = []
    after = 1
    while not (done.done() and after >= done.result()):
        watch = site.watch(who, after=after)
        for _ in range(made.randint(1, 6)):
            message = await watch.next()
            assert message.revision >= after
            after = message.revision
            if message.changes:
                told.append(message)
        watch.call.cancel()
    return told


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_nothing_is_missed_and_nothing_told_twice(
    site: Site, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # small pages and short silences, so that each way of going on is gone
    monkeypatch.setattr(watching, "PAGE", 4)
    monkeypatch.setattr(watching, "HEARTBEAT_SECONDS", 0.02)
    monkeypatch.setattr(watch_hub, "PAGE", 3)
    monkeypatch.setattr(watch_hub, "PACE_SECONDS", 0.001)
    done: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    async with asyncio.timeout(SECONDS * 2):
        readers = {
            (who, n): asyncio.ensure_future(
                watch_with_breaks(site, who, random.Random(f"{seed} {who} {n}"), done)
            )
            for n in range(2)
            for who in WHO
        }
        done.set_result(await change_at_random(site, random.Random(seed)))
        told = {key: await reader for key, reader in readers.items()}
    for (who, _), messages in told.items():
        entries = await site.store.read(
            lambda view: view.feed.of_organization(WHO[who], 1, 10_000),  # noqa: B023 - read at once
            slow=True,
        )
        expected = [(e.revision, e.contract_id, e.contract is not None) for e in entries]
        assert len(expected) > 20, "too little happened to show anything"
        assert [
            (message.revision, change.contract_id, change.HasField("contract"))
            for message in messages
            for change in message.changes
        ] == expected
