"""Issuing a key anew: one key opens at any time, the old one never again, and what happened under it stays."""

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

import pytest

from tashika_formats.key import make_key
from tashika_server.application.caller import Caller
from tashika_server.domain.generations import KeyGeneration
from tashika_server.domain.lead_time import Leg
from tashika_server.domain.model import Contract, FactKind
from tashika_server.domain.policy import Channel
from tashika_server.domain.reasons import Reason, RefusedError
from tashika_server.security.vault import RootVault
from tashika_server.storage.fsck import check_store
from tests.unit.application.office import MORNING, Office, replay


async def refusal(call: Awaitable[object]) -> Reason:
    with pytest.raises(RefusedError) as raised:
        await call
    return raised.value.reason


async def key_of(office: Office, contract: Contract) -> str:
    return (await office.uses.keys.reveal(office.contractor, contract.contract_id)).key


async def hand_in(office: Office, contract: Contract) -> Contract:
    return await office.uses.keys.record_hand_in(
        office.contractor, contract.contract_id, 0, Channel.MAIL, "", None, None, None
    )


async def reissue(office: Office, who: Caller, contract: Contract, reason: str = "") -> Contract:
    return await office.uses.keys.reissue(who, contract.contract_id, reason, "", None, None)


async def opens(office: Office, contract: Contract, key: str) -> bool:
    try:
        await office.uses.opening.open(contract.number, key, "10.0.0.1")
    except RefusedError as error:
        assert error.reason is Reason.WRONG_NUMBER_OR_KEY
        return False
    return True


async def test_the_new_key_opens_and_the_old_one_is_like_one_that_never_was(office: Office) -> None:
    contract = await office.issued()
    old = await key_of(office, contract)
    again = await reissue(office, office.contractor, contract)
    new = await key_of(office, contract)

    assert new != old and again.facts[-1].generation == 2
    assert await refusal(office.uses.opening.open(contract.number, old, "unix")) is await refusal(
        office.uses.opening.open(contract.number, make_key(b"x" * 12), "unix")
    )
    assert await opens(office, contract, new)
    rows = await office.uses.keys.openings(office.underwriter, contract.contract_id)
    assert [(row.success, row.generation) for row in rows] == [(True, 2), (False, 0), (False, 0)]


async def test_each_party_issues_anew_in_its_turn(office: Office) -> None:
    contract = await office.issued()
    for person in (office.underwriter, office.approver):
        assert await refusal(reissue(office, person, contract, "LOST")) is Reason.REISSUE_BY_CONTRACTOR
    await hand_in(office, contract)
    assert await refusal(reissue(office, office.contractor, contract)) is Reason.REISSUE_BY_GUARANTOR
    assert await refusal(reissue(office, office.underwriter, contract)) is Reason.FIELD_REQUIRED
    assert (await reissue(office, office.approver, contract, "LEAKED")).facts[-1].by_guarantor
    await reissue(office, office.colleague, contract)


async def test_a_key_that_opened_is_the_guarantors_to_issue_anew(office: Office) -> None:
    contract = await office.issued()
    assert await opens(office, contract, await key_of(office, contract))
    assert await refusal(reissue(office, office.contractor, contract)) is Reason.REISSUE_BY_GUARANTOR
    await reissue(office, office.underwriter, contract, "LEAKED")
    # the opening was with the key before, and has nothing to do with this one
    await reissue(office, office.contractor, contract)


async def test_strangers_reach_no_key(office: Office) -> None:
    contract = await office.issued()
    for person in (office.stranger, office.rival):
        assert await refusal(reissue(office, person, contract, "LOST")) is Reason.NOT_FOUND


async def test_a_repeated_call_makes_no_second_key(office: Office) -> None:
    contract = await office.issued()
    calls = replay(office.contractor, "ReissueKey")
    answers = await asyncio.gather(
        *(
            office.uses.keys.reissue(office.contractor, contract.contract_id, "", "", None, calls)
            for _ in range(3)
        )
    )
    assert answers[0] == answers[1] == answers[2]
    assert len([fact for fact in answers[0].facts if fact.kind is FactKind.KEY_REISSUED]) == 1
    key = await key_of(office, contract)
    again = await office.uses.keys.reissue(office.contractor, contract.contract_id, "", "", None, calls)
    assert again == answers[0] and await key_of(office, contract) == key


async def test_an_older_state_is_no_ground_for_a_new_key(office: Office) -> None:
    contract = await office.issued()
    await reissue(office, office.contractor, contract)
    call = office.uses.keys.reissue(office.contractor, contract.contract_id, "", "", contract.revision, None)
    assert await refusal(call) is Reason.ETAG_MISMATCH


async def test_a_new_key_that_cant_be_made_leaves_the_old_one_as_it_was(office: Office) -> None:
    contract = await office.issued()
    old = await key_of(office, contract)
    with patch.object(RootVault, "seal_key", side_effect=OSError("no entropy")), pytest.raises(OSError):
        await reissue(office, office.contractor, contract)
    assert await key_of(office, contract) == old
    assert await opens(office, contract, old)
    view = await office.uses.contracts.get(office.contractor, contract.contract_id)
    assert view.contract.facts == ()


async def test_at_every_moment_exactly_one_of_the_keys_opens(office: Office) -> None:
    contract = await office.issued()
    keys = [await key_of(office, contract)]
    for _ in range(3):
        await reissue(office, office.contractor, contract)
        keys.append(await key_of(office, contract))
    found = await asyncio.gather(*(opens(office, contract, key) for key in keys))
    assert found == [False, False, False, True]


async def test_a_viewing_permit_of_the_old_key_ends_with_it(office: Office) -> None:
    contract = await office.issued()
    opened = await office.uses.opening.open(contract.number, await key_of(office, contract), "unix")
    await office.uses.certificates.viewed(contract.number, opened.generation, 0)
    await reissue(office, office.underwriter, contract, "LEAKED")
    call = office.uses.certificates.viewed(contract.number, opened.generation, 0)
    assert await refusal(call) is Reason.VIEWING_TOKEN_INVALID


async def test_the_contract_shows_every_key_with_its_first_opening_and_what_to_tell_the_orderer(
    office: Office,
) -> None:
    contract = await office.issued()
    office.clock.move(minutes=10)
    await opens(office, contract, await key_of(office, contract))
    await hand_in(office, contract)
    office.clock.move(minutes=10)
    await reissue(office, office.underwriter, contract, "LOST")
    view = await office.uses.contracts.get(office.contractor, contract.contract_id)
    again = MORNING + timedelta(minutes=20)
    assert view.keys == (KeyGeneration(1, MORNING, again), KeyGeneration(2, again, None, "LOST", True))
    assert view.opened_by_key == {1: MORNING + timedelta(minutes=10)}
    assert view.first_opened == MORNING + timedelta(minutes=10)
    notice, message = view.orderer_notice, view.message
    assert notice is not None and "架空建設業保証株式会社 千葉支店" in notice.text
    assert message is not None and "令和8年5月11日に再発行" in message.before_key

    await office.uses.keys.tell_orderer(
        office.approver, contract.contract_id, "契約課　大野", "", None, None, None
    )
    office.clock.move(minutes=10)
    await opens(office, contract, await key_of(office, contract))
    view = await office.uses.contracts.get(office.underwriter, contract.contract_id)
    assert view.opened_by_key[2] == MORNING + timedelta(minutes=30)
    assert [fact.kind for fact in view.contract.facts] == [
        FactKind.HANDED_IN,
        FactKind.KEY_REISSUED,
        FactKind.ORDERER_TOLD,
    ]


async def test_a_telephone_call_is_the_contractors_to_record(office: Office) -> None:
    contract = await hand_in(office, await office.issued())
    called = await office.uses.keys.confirm_by_phone(
        office.colleague, contract.contract_id, 0, "契約課　大野", "", None, contract.revision, None
    )
    fact = called.facts[-1]
    assert (fact.kind, fact.user_id, fact.version) == (
        FactKind.PHONE_CONFIRMED,
        office.colleague.user_id,
        1,
    )


async def test_every_re_issue_is_in_the_audit_trail_and_the_register_stays_sound(office: Office) -> None:
    contract = await office.issued()
    await reissue(office, office.contractor, contract)
    await hand_in(office, contract)
    await reissue(office, office.underwriter, contract, "LEAKED")
    # the old key, the new key, and the contract
    assert await office.audited("key.reissue") == 6
    await office.kit.store.close()
    assert [each for each in check_store(office.folder / "data") if each.is_error] == []


async def test_a_portfolio_tells_how_long_it_took_from_step_to_step(office: Office) -> None:
    contract_id = (await office.submitted()).contract_id
    desk = office.uses.underwriting
    office.clock.move(minutes=30)
    await desk.accept(office.underwriter, contract_id, None, 1_000, None, None)
    office.clock.move(minutes=60)
    contract = await office.uses.contracts.get(office.contractor, contract_id)
    await office.pay(replace(contract.contract))
    office.clock.move(minutes=5)
    issued = (await office.uses.issuing.issue(office.underwriter, contract_id, None, None)).contract
    office.clock.move(minutes=25)
    await hand_in(office, issued)

    day = MORNING.date()
    found = await office.uses.reports.lead_times(office.approver, day, day)
    assert {leg: spread.percentile(50) for leg, spread in found.items()} == {
        Leg.APPLY_TO_ACCEPT: 1800,
        Leg.ACCEPT_TO_PAID: 3600,
        Leg.PAID_TO_ISSUED: 300,
        Leg.ISSUED_TO_HANDED_IN: 1500,
        Leg.APPLY_TO_HANDED_IN: 7200,
    }
    assert found[Leg.APPLY_TO_HANDED_IN].same_day == 1
    other = await office.uses.reports.lead_times(office.rival, day, day)
    assert all(spread.count == 0 for spread in other.values())


async def test_a_portfolio_is_of_a_year_at_most_and_of_days_that_there_are(office: Office) -> None:
    day = MORNING.date()
    reports = office.uses.reports
    await reports.lead_times(office.underwriter, day, day + timedelta(days=365))
    for first, last, reason in (
        (day, day + timedelta(days=366), Reason.DATE_OUT_OF_RANGE),
        (day, day - timedelta(days=1), Reason.PERIOD_REVERSED),
        (day.replace(year=25), day.replace(year=25), Reason.DATE_OUT_OF_RANGE),
        (day.replace(year=9999), day.replace(year=9999), Reason.DATE_OUT_OF_RANGE),
    ):
        assert await refusal(reports.lead_times(office.underwriter, first, last)) is reason
