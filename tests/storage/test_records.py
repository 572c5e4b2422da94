"""Records, on every store: read, written, undone, remembered."""

import contextlib
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from tashika_formats import merkle
from tashika_server.application.ports import Done, Ids, Store, UnitOfWork
from tashika_server.domain.model import ContractState
from tashika_server.domain.reasons import Reason, RefusedError, refuse
from tashika_server.storage.store import SqlStore, open_store
from tests.storage.databases import Database
from tests.storage.world import (
    CHANGE,
    CONTRACTOR,
    START,
    CountingIds,
    ManualClock,
    adds,
    certificate,
    contract,
    issues,
    name_of,
    organization,
    renames,
    sealed_key,
    signed_in,
    user,
)


async def test_the_store_is_the_port(store: SqlStore) -> None:
    port: Store = store
    assert await port.read(lambda view: view.revision()) == 0


async def test_what_was_added_is_read_back_exactly(store: SqlStore) -> None:
    for entity in (organization(), user(), contract()):
        await store.run(adds(entity))
    found = await store.read(
        lambda view: (
            view.organizations.get(CONTRACTOR),
            view.users.by_login_name("yoshida"),
            view.contracts.get("con_" + "1".rjust(26, "0")),
        )
    )
    assert found == (
        replace(organization(), revision=1),
        replace(user(), revision=2),
        replace(contract(), revision=3),
    )


async def test_a_revision_is_a_command_that_wrote(store: SqlStore) -> None:
    first = await store.run(adds(organization(), user()))
    idle = await store.run(lambda unit, now, ids: Done(None))
    second = await store.run(renames("別名"))
    assert (first.revision, idle.revision, second.revision) == (1, 1, 2)
    assert await store.read(lambda view: view.revision()) == 2


async def test_every_state_stays_in_the_history(store: SqlStore, clock: ManualClock) -> None:
    await store.run(adds(organization()))
    clock.forward(hours=1)
    await store.run(renames("別名"))
    history = await store.read(lambda view: view.organizations.history(CONTRACTOR))
    assert [(h.revision, h.time, h.action, h.actor, h.entity.name) for h in history] == [
        (1, START, "test.change", "usr_tester", organization().name),
        (2, START + timedelta(hours=1), "test.change", "usr_tester", "別名"),
    ]


async def test_a_thing_is_given_as_it_was_at_a_revision(store: SqlStore) -> None:
    await store.run(adds(organization()))
    await store.run(adds(user()))
    await store.run(renames("別名"))
    then = await store.read(lambda view: [view.organizations.at(CONTRACTOR, r) for r in (0, 1, 2, 3)])
    assert [each and each.name for each in then] == [None, organization().name, organization().name, "別名"]


async def test_two_saves_in_one_command_are_one_revision_and_two_entries(store: SqlStore) -> None:
    await store.run(adds(organization()))

    def twice(unit: UnitOfWork, now: datetime, ids: Ids) -> Done[None]:
        found = unit.organizations.get(CONTRACTOR)
        assert found is not None
        unit.organizations.save(replace(found, name="一"), CHANGE)
        unit.organizations.save(replace(found, name="二"), CHANGE)
        return Done(None)

    await store.run(twice)
    history = await store.read(lambda view: view.organizations.history(CONTRACTOR))
    assert [(h.revision, h.entity.name) for h in history[1:]] == [(2, "一"), (2, "二")]
    assert await store.read(name_of) == "二"


async def test_a_command_reads_its_own_writes_without_a_revision_yet(store: SqlStore) -> None:
    def command(unit: UnitOfWork, now: datetime, ids: Ids) -> Done[Any]:
        unit.organizations.add(organization(), CHANGE)
        return Done(unit.organizations.get(CONTRACTOR))

    found = (await store.run(command)).value
    assert found is not None
    assert found.name == organization().name
    assert found.revision < 0


async def test_a_deleted_thing_is_gone_and_its_history_stays(store: SqlStore) -> None:
    await store.run(adds(contract()))
    contract_id = contract().contract_id

    def delete(unit: UnitOfWork, now: datetime, ids: Ids) -> Done[None]:
        unit.contracts.delete(contract_id, CHANGE)
        return Done(None)

    await store.run(delete)
    assert await store.read(lambda view: view.contracts.get(contract_id)) is None
    assert await store.read(lambda view: view.contracts.at(contract_id, 2)) is None
    assert len(await store.read(lambda view: view.contracts.history(contract_id))) == 1


async def test_a_taken_value_is_refused_by_its_name(store: SqlStore) -> None:
    await store.run(adds(user()))
    with pytest.raises(RefusedError) as refused:
        await store.run(adds(user("usr_2", "yoshida")))
    assert (refused.value.reason, refused.value.violations[0].field) == (Reason.ALREADY_EXISTS, "login_name")
    with pytest.raises(RefusedError) as refused:
        await store.run(adds(user("usr_1", "other")))
    assert (refused.value.reason, refused.value.violations[0].field) == (Reason.ALREADY_EXISTS, "id")


async def test_only_one_live_contract_holds_a_slot(store: SqlStore) -> None:
    await store.run(adds(contract(1, slot="wrk_1/PREPAYMENT")))
    with pytest.raises(RefusedError) as refused:
        await store.run(adds(contract(2, slot="wrk_1/PREPAYMENT")))
    assert refused.value.violations[0].field == "slot"
    found = await store.read(lambda view: view.contracts.by_slot("wrk_1/PREPAYMENT"))
    assert found is not None
    assert found.contract_id == contract(1).contract_id


async def test_a_refusal_leaves_nothing(store: SqlStore, database: Database) -> None:
    def command(unit: UnitOfWork, now: datetime, ids: Ids) -> Done[None]:
        unit.organizations.add(organization(), CHANGE)
        unit.next_sequence("number")
        raise refuse(Reason.WRONG_STATE)

    with pytest.raises(RefusedError, match="WRONG_STATE"):
        await store.run(command)
    assert await store.read(lambda view: (view.organizations.get(CONTRACTOR), view.revision())) == (None, 0)
    assert [database.count(table) for table in ("history", "audit", "counter", "sequence")] == [0, 0, 0, 0]


async def test_a_fault_of_a_command_is_its_callers_alone(store: SqlStore) -> None:
    def command(unit: UnitOfWork, now: datetime, ids: Ids) -> Done[None]:
        unit.organizations.add(organization(), CHANGE)
        raise KeyError("a mistake")

    with pytest.raises(KeyError):
        await store.run(command)
    assert await store.read(lambda view: view.organizations.get(CONTRACTOR)) is None


async def test_a_swallowed_constraint_error_still_undoes_the_command(store: SqlStore) -> None:
    await store.run(adds(user()))

    def command(unit: UnitOfWork, now: datetime, ids: Ids) -> Done[None]:
        unit.organizations.add(organization(), CHANGE)
        with contextlib.suppress(RefusedError):
            unit.users.add(user(), CHANGE)
        return Done(None)

    with pytest.raises(Exception, match=r"UNIQUE|Unique|PRIMARY"):
        await store.run(command)
    assert await store.read(lambda view: view.organizations.get(CONTRACTOR)) is None


async def test_what_was_read_elsewhere_and_changed_since_is_not_saved(store: SqlStore) -> None:
    await store.run(adds(organization()))
    stale = await store.read(lambda view: view.organizations.get(CONTRACTOR))
    assert stale is not None
    await store.run(renames("別名"))

    def save(unit: UnitOfWork, now: datetime, ids: Ids) -> Done[None]:
        unit.organizations.save(stale, CHANGE)
        return Done(None)

    with pytest.raises(RefusedError, match="ETAG_MISMATCH"):
        await store.run(save)


async def test_what_is_not_there_is_not_saved(store: SqlStore) -> None:
    def save(unit: UnitOfWork, now: datetime, ids: Ids) -> Done[None]:
        unit.organizations.save(organization(), CHANGE)
        return Done(None)

    with pytest.raises(RefusedError, match="NOT_FOUND"):
        await store.run(save)


@pytest.mark.parametrize("hostile", ["", "\0", "a\0b", "\ud800", "'; DROP TABLE contract; --", "x" * 100_000])
async def test_a_hostile_id_finds_nothing(store: SqlStore, hostile: str) -> None:
    def look(view: Any) -> list[Any]:
        return [
            view.contracts.get(hostile),
            view.contracts.by_number(hostile),
            view.contracts.by_slot(hostile),
            view.users.by_login_name(hostile),
            view.sessions.get(hostile),
            view.certificates.by_pdf_sha256(hostile),
            view.certificates.version(hostile, 1),
            view.keys.current(hostile),
            view.openings.first_success(hostile),
            view.contracts.at(hostile, 1),
        ]

    await store.run(adds(contract()))
    assert await store.read(look) == [None] * 10


async def test_a_certificate_gets_its_place_in_the_log(store: SqlStore) -> None:
    for number in range(1, 8):
        await store.run(issues(number))
    found = await store.read(
        lambda view: [view.certificates.version(contract(n).contract_id, 1) for n in (1, 7)]
    )
    assert [each and each.leaf_index for each in found] == [0, 6]
    at = await store.read(lambda view: view.certificates.at(certificate(7).certificate_id, 7))
    assert at == replace(certificate(7), revision=7, leaf_index=6)

    def proven(view: Any) -> None:
        root = merkle.root(7, view.log.node)
        for index in range(7):
            proof = merkle.inclusion_proof(index, 7, view.log.node)
            merkle.verify_inclusion(merkle.leaf_hash(view.log.leaf(index)), index, 7, proof, root)

    await store.read(proven)
    assert await store.read(lambda view: view.log.leaf(7)) is None


async def test_certificates_are_found_by_contract_version_and_file(store: SqlStore) -> None:
    await store.run(issues(1))
    await store.run(adds(certificate(1, version=2)))
    contract_id = contract(1).contract_id
    versions = await store.read(lambda view: view.certificates.of_contract(contract_id))
    assert [each.version for each in versions] == [1, 2]
    found = await store.read(lambda view: view.certificates.by_pdf_sha256(certificate(1, 2).pdf_sha256))
    assert found == versions[1]


async def test_a_checkpoint_never_gives_way_to_an_older_one(store: SqlStore) -> None:
    for number in (1, 2):
        await store.run(issues(number))
    for size, note in ((2, "new"), (1, "old")):

        def put(unit: UnitOfWork, now: datetime, ids: Ids, size: int = size, note: str = note) -> Done[None]:
            unit.log.put_checkpoint(size, note)
            return Done(None)

        await store.run(put)
    assert await store.read(lambda view: view.log.checkpoint()) == "new"


async def test_the_current_key_is_the_one_that_is_not_revoked(store: SqlStore) -> None:
    await store.run(issues(1))

    def reissue(unit: UnitOfWork, now: datetime, ids: Ids) -> Done[None]:
        old = unit.keys.current(contract(1).contract_id)
        assert old is not None
        unit.keys.save(replace(old, revoked_time=now), CHANGE)
        unit.keys.add(sealed_key(1, generation=2), CHANGE)
        return Done(None)

    await store.run(reissue)
    current = await store.read(lambda view: view.keys.current(contract(1).contract_id))
    assert current is not None
    assert current.generation == 2


async def test_sessions_are_kept_touched_and_forgotten(store: SqlStore, database: Database) -> None:
    await store.run(adds(user(), signed_in("ses_1"), signed_in("ses_2")))

    def touch(unit: UnitOfWork, now: datetime, ids: Ids) -> Done[None]:
        unit.sessions.touch("ses_1", START + timedelta(minutes=5))
        unit.sessions.touch("ses_1", START + timedelta(minutes=3))
        return Done(None)

    await store.run(touch)
    found = await store.read(lambda view: view.sessions.get("ses_1"))
    assert found == replace(signed_in("ses_1"), last_used_time=START + timedelta(minutes=5))
    audited = database.count("audit")

    def leave(unit: UnitOfWork, now: datetime, ids: Ids) -> Done[None]:
        unit.sessions.delete_of_user("usr_1", CHANGE)
        unit.sessions.delete("ses_unknown", CHANGE)
        return Done(None)

    await store.run(leave)
    assert await store.read(lambda view: view.sessions.get("ses_1")) is None
    assert database.count("audit") == audited + 2


async def test_sequences_count_from_one_each(store: SqlStore) -> None:
    def take(unit: UnitOfWork, now: datetime, ids: Ids) -> Done[list[int]]:
        return Done([unit.next_sequence("a"), unit.next_sequence("a"), unit.next_sequence("b")])

    assert (await store.run(take)).value == [1, 2, 1]
    assert (await store.run(take)).value == [3, 4, 2]


async def test_failures_are_counted_by_bucket_and_window(store: SqlStore) -> None:
    def count(unit: UnitOfWork, now: datetime, ids: Ids) -> Done[list[int]]:
        later = START + timedelta(minutes=10)
        sums = [
            unit.throttle.add(b"x", START),
            unit.throttle.add(b"x", START),
            unit.throttle.add(b"x", later),
        ]
        return Done([*sums, unit.throttle.count(b"x", START), unit.throttle.count(b"y", START)])

    assert (await store.run(count)).value == [1, 2, 1, 2, 0]


async def test_reading_a_key_is_audited_though_nothing_changes(store: SqlStore, database: Database) -> None:
    def read(unit: UnitOfWork, now: datetime, ids: Ids) -> Done[None]:
        unit.audit(CHANGE, "key_1", {"version": 1})
        return Done(None)

    assert (await store.run(read)).revision == 1
    assert (database.count("audit"), database.count("history")) == (1, 0)


async def test_due_contracts_are_those_whose_day_has_passed(store: SqlStore) -> None:
    day = START.date()
    await store.run(
        adds(
            contract(1, ContractState.ACCEPTED, pay_by=day),
            contract(2, ContractState.ACCEPTED, pay_by=day + timedelta(days=1)),
            contract(3, ContractState.IN_FORCE),
            contract(4, ContractState.DRAFT, pay_by=day),
        )
    )
    due = await store.read(lambda view: view.contracts.due((day + timedelta(days=1)).isoformat(), 10))
    assert due == (contract(1).contract_id,)
    due = await store.read(lambda view: view.contracts.due("2030-01-01", 2))
    assert due == (contract(1).contract_id, contract(2).contract_id)


async def test_the_clock_going_back_does_not_take_time_back(store: SqlStore, clock: ManualClock) -> None:
    first = await store.run(adds(organization()))
    clock.forward(hours=-3)
    second = await store.run(renames("別名"))
    assert second.time == first.time


async def test_time_does_not_go_back_over_a_restart(database: Database, clock: ManualClock) -> None:
    times = []
    for name in ("一", "二"):
        store = open_store(database.location, clock=clock, ids=CountingIds())
        times.append((await store.run(adds(organization(f"org_{name}")))).time)
        await store.close()
        clock.forward(hours=-3)
    assert times == [START, START]
