"""Issue, key and opening: nothing half, nothing twice, and nothing to anybody else."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from unittest.mock import patch

import pytest

from tashika_formats.key import make_key, normalise_key
from tashika_server.documents.service import PooledDocuments
from tashika_server.domain.model import Contract, ContractState, Form, Product, Remark
from tashika_server.domain.policy import Channel
from tashika_server.domain.reasons import Reason, RefusedError
from tests.unit.application.office import Office, replay


async def refusal(call: Awaitable[object]) -> Reason:
    with pytest.raises(RefusedError) as raised:
        await call
    return raised.value.reason


def while_rendering(happens: Callable[[], Awaitable[object]]) -> Any:
    """Let something happen after an issue was prepared and before it is committed."""
    render = PooledDocuments.issue

    async def overtaken(self: PooledDocuments, *args: Any) -> Any:
        document = await render(self, *args)
        await happens()
        return document

    return patch.object(PooledDocuments, "issue", overtaken)


async def still_accepted(office: Office, contract: Contract) -> bool:
    view = await office.uses.contracts.get(office.contractor, contract.contract_id)
    return view.contract.state is ContractState.ACCEPTED and view.contract.version == 0


async def test_a_contract_that_changed_while_it_was_rendered_is_not_issued(office: Office) -> None:
    contract = await office.paid()
    remarks = (Remark("", "内容が違います。"),)

    async def report() -> None:
        await office.uses.drafts.report_error(office.contractor, contract.contract_id, remarks, None, None)

    with while_rendering(report):
        call = office.uses.issuing.issue(office.underwriter, contract.contract_id, None, None)
        assert await refusal(call) is Reason.ISSUE_OVERTAKEN
    assert (
        await refusal(office.uses.keys.reveal(office.contractor, contract.contract_id)) is Reason.NOT_ISSUED
    )


async def test_midnight_in_japan_while_rendering_overtakes_the_day_on_the_certificate(office: Office) -> None:
    office.clock.at = office.clock.at.replace(hour=14, minute=59, second=59)
    contract = await office.paid()

    async def midnight() -> None:
        office.clock.move(seconds=1)

    with while_rendering(midnight):
        call = office.uses.issuing.issue(office.underwriter, contract.contract_id, None, None)
        assert await refusal(call) is Reason.ISSUE_OVERTAKEN
    assert await still_accepted(office, contract)
    issued = await office.uses.issuing.issue(office.underwriter, contract.contract_id, None, None)
    assert issued.certificate.issue_date.isoformat() == "2026-05-12"


async def test_of_two_issues_at_once_one_is_taken_and_a_repeated_one_gets_its_answer(office: Office) -> None:
    contract = await office.paid()
    issue, calls = office.uses.issuing.issue, replay(office.underwriter, "IssueCertificate")

    same = await asyncio.gather(
        *(issue(office.underwriter, contract.contract_id, None, calls) for _ in range(2))
    )
    assert same[0] == same[1]
    assert same[0].certificate.leaf_index == 0

    assert await issue(office.underwriter, contract.contract_id, None, calls) == same[0]
    assert await refusal(issue(office.underwriter, contract.contract_id, None, None)) is Reason.WRONG_STATE
    assert await office.kit.store.read(lambda view: view.log.size()) == 1


async def test_each_contract_of_the_same_works_has_a_key_that_opens_nothing_else(office: Office) -> None:
    works_id = await office.works()
    contracts = [
        await office.issued(product, works_id=works_id)
        for product in (Product.PERFORMANCE, Product.PREPAYMENT)
    ]
    keys = [(await office.uses.keys.reveal(office.contractor, each.contract_id)).key for each in contracts]

    for contract, key in zip(contracts, keys, strict=True):
        assert (await office.uses.opening.open(contract.number, key, "unix")).contract == contract
    crossed = office.uses.opening.open(contracts[0].number, keys[1], "unix")
    unknown = office.uses.opening.open(contracts[0].number, make_key(b"x" * 12), "unix")
    assert await refusal(crossed) is await refusal(unknown) is Reason.WRONG_NUMBER_OR_KEY


async def test_a_right_pair_opens_from_a_peer_whose_wrong_ones_are_no_longer_looked_at(
    office: Office,
) -> None:
    contract = await office.issued()
    key = (await office.uses.keys.reveal(office.contractor, contract.contract_id)).key
    wrong = make_key(b"x" * 12)
    reasons = [await refusal(office.uses.opening.open(contract.number, wrong, "10.0.0.1")) for _ in range(12)]

    assert reasons[-1] is Reason.TOO_MANY_ATTEMPTS
    assert (await office.uses.opening.open(contract.number, key, "10.0.0.1")).generation == 1


async def test_every_look_at_the_key_is_in_the_audit_trail(office: Office) -> None:
    contract = await office.issued()
    for _ in range(2):
        await office.uses.keys.reveal(office.contractor, contract.contract_id)
    await office.uses.keys.notice(office.colleague, contract.contract_id)

    assert (await office.audited("key.read"), await office.audited("key.notice")) == (2, 1)


async def test_a_key_shows_in_no_representation(office: Office) -> None:
    contract = await office.issued()
    revealed = await office.uses.keys.reveal(office.contractor, contract.contract_id)

    assert normalise_key(revealed.key) == revealed.key
    assert revealed.key not in repr(revealed)


async def test_paper_has_no_key_and_no_certificate_here(office: Office) -> None:
    contract = await office.paid(form=Form.PAPER)

    assert await refusal(office.uses.issuing.issue(office.underwriter, contract.contract_id, None, None)) is (
        Reason.FORM_MIXED
    )
    assert await refusal(office.uses.keys.reveal(office.contractor, contract.contract_id)) is (
        Reason.NO_KEY_FOR_PAPER
    )


async def test_a_viewing_token_of_another_keys_generation_shows_nothing(office: Office) -> None:
    contract = await office.issued()
    viewed = office.uses.certificates.viewed

    assert (await viewed(contract.number, 1, 0)).version == 1
    assert await refusal(viewed(contract.number, 2, 0)) is Reason.VIEWING_TOKEN_INVALID
    assert await refusal(viewed("99999999999999", 1, 0)) is Reason.VIEWING_TOKEN_INVALID
    assert await refusal(viewed(contract.number, 1, 7)) is Reason.NOT_FOUND


async def test_a_handing_in_is_neither_before_the_issue_nor_in_the_future(office: Office) -> None:
    contract = await office.issued()
    now = office.clock.now()
    office.clock.move(hours=1)

    async def hand_in(time: Any) -> Contract:
        return await office.uses.keys.record_hand_in(
            office.contractor, contract.contract_id, 0, Channel.MAIL, "", time, None, None
        )

    assert await refusal(hand_in(now.replace(hour=0))) is Reason.DATE_OUT_OF_RANGE
    assert await refusal(hand_in(now.replace(hour=23))) is Reason.DATE_IN_FUTURE
    assert (await hand_in(None)).steps.handed_in == office.clock.now()


async def test_the_evidence_of_an_issued_file_proves_itself(office: Office) -> None:
    contract = await office.issued()
    certificate, _ = await office.uses.certificates.get(office.underwriter, contract.contract_id, 0)

    evidence = await office.uses.verification.by_file(certificate.pdf_sha256)

    assert evidence.certificate == certificate
    assert await refusal(office.uses.verification.by_file("0" * 64)) is Reason.NOT_FOUND
