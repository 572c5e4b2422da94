"""Fees among people: the tariff proposes, months add up, one sum is shared, and everybody sees their own."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tashika_server.application.access import RULES
from tashika_server.application.ports import FeeStanding, ListKind, ListQuery
from tashika_server.domain.fee_records import FeeRounding
from tashika_server.domain.model import Contract, ContractState, FeeEntryKind, Product, Role
from tashika_server.domain.reasons import Reason, RefusedError
from tashika_server.domain.tariff import TariffBand, TariffTable
from tests.unit.application.office import FEE_YEN, PRICE_YEN, Office, replay
from tests.unit.application.test_contracts import again, refusal
from tests.unit.documents.reading import text_of

TODAY = date(2026, 5, 11)
TABLE = TariffTable(
    *("見本料率表", TODAY, FeeRounding.DOWN, 10),
    (TariffBand(Product.PERFORMANCE, 0, 400, 3_000), TariffBand(Product.PREPAYMENT, 0, 300, 3_000)),
    fictional=True,
)
TARIFF_FEE_YEN = PRICE_YEN // 10 * 400 // 100_000


async def accept(office: Office, contract: Contract, fee_yen: int, note: str = "") -> Contract:
    desk = office.uses.underwriting
    return await desk.accept(office.underwriter, contract.contract_id, None, fee_yen, None, None, note)


async def agree(office: Office, *, active: bool = True, due_day: int = 20) -> None:
    await office.uses.tariffs.set_payer(
        office.approver, office.homes["company"], active, due_day, "取決め", None, None
    )


async def owing(office: Office, count: int, fee_yen: int = 10_000) -> list[Contract]:
    """Contracts of a monthly payer that owe a fee each."""
    first = await office.submitted()
    await agree(office)
    contracts = [await accept(office, first, fee_yen)]
    contracts += [await accept(office, await office.submitted(), fee_yen) for _ in range(count - 1)]
    return contracts


# --- The tariff --------------------------------------------------------------------------------------------------


async def test_the_tariff_proposes_the_fee_and_the_acceptance_keeps_its_basis(office: Office) -> None:
    contract = await office.submitted()
    assert await office.uses.tariffs.quote(office.underwriter, contract.contract_id, None) is None
    await office.uses.tariffs.set(office.approver, TABLE, None, None)
    basis = await office.uses.tariffs.quote(office.underwriter, contract.contract_id, None)
    assert basis is not None and basis.fee_yen == TARIFF_FEE_YEN
    corrected = await office.uses.tariffs.quote(office.approver, contract.contract_id, 10_000_000)
    assert corrected is not None and corrected.fee_yen == 40_000
    accepted = await accept(office, contract, TARIFF_FEE_YEN)
    assert (accepted.fee_basis, accepted.ledger[0].label) == (basis, "架空の料率")


async def test_another_fee_is_taken_with_a_reason(office: Office) -> None:
    await office.uses.tariffs.set(office.approver, TABLE, None, None)
    contract = await office.submitted()
    refused = await refusal(accept(office, contract, TARIFF_FEE_YEN - 1))
    assert [(each.reason, each.field) for each in refused.violations] == [
        (Reason.FEE_DIFFERS_FROM_TARIFF, "fee_note")
    ]
    accepted = await accept(office, contract, TARIFF_FEE_YEN - 1, "継続割引")
    assert (accepted.fee_yen, accepted.fee_note) == (TARIFF_FEE_YEN - 1, "継続割引")


async def test_the_basis_follows_the_amount_that_was_accepted(office: Office) -> None:
    await office.uses.tariffs.set(office.approver, TABLE, None, None)
    contract = await office.submitted()
    terms = replace(contract.application, amount_yen=10_000_000)
    desk = office.uses.underwriting
    accepted = await desk.accept(office.underwriter, contract.contract_id, terms, 40_000, None, None)
    assert accepted.fee_basis is not None and accepted.fee_basis.amount_yen == 10_000_000


async def test_a_tariff_is_its_guarantors_alone(office: Office) -> None:
    await office.uses.tariffs.set(office.approver, TABLE, None, None)
    assert len((await office.uses.tariffs.get(office.underwriter)).versions) == 1
    assert (await office.uses.tariffs.get(office.rival)).versions == ()
    contract = await office.submitted()
    call = office.uses.tariffs.quote(office.rival, contract.contract_id, None)
    assert (await refusal(call)).reason is Reason.NOT_FOUND


async def test_of_two_tariffs_on_one_etag_one_is_taken(office: Office) -> None:
    first = await office.uses.tariffs.set(office.approver, TABLE, 0, None)
    later = replace(TABLE, valid_from=TODAY + timedelta(days=1))
    assert (
        await refusal(office.uses.tariffs.set(office.deputy, later, 0, None))
    ).reason is Reason.ETAG_MISMATCH
    call = replay(office.approver, "SetTariff")
    second = await office.uses.tariffs.set(office.approver, later, first.revision, call)
    assert await office.uses.tariffs.set(office.approver, later, first.revision, call) == second
    assert await office.audited("tariff.set") == 2


def test_only_approvers_set_what_fees_follow_from() -> None:
    for method in ("SetTariff", "SetMonthlyPayer"):
        assert RULES[f"/tashika.v1.DirectoryService/{method}"].roles == {Role.APPROVER}


# --- Monthly payment ---------------------------------------------------------------------------------------------


async def test_an_agreement_lets_the_issue_go_before_the_fee_and_sets_its_day(office: Office) -> None:
    (contract,) = await owing(office, 1)
    assert (contract.monthly_payer, contract.pay_by, contract.monthly_due) == (True, None, date(2026, 6, 20))
    issued = await office.uses.issuing.issue(office.underwriter, contract.contract_id, None, None)
    assert issued.contract.state is ContractState.IN_FORCE


async def test_an_agreement_counts_from_the_next_acceptance_on(office: Office) -> None:
    before, after = await office.submitted(), await office.submitted()
    before = await accept(office, before, 10_000)
    await agree(office)
    assert (await accept(office, after, 10_000)).monthly_payer
    assert not (await again(office, before)).monthly_payer
    await agree(office, active=False)
    assert not (await accept(office, await office.submitted(), 10_000)).monthly_payer


async def test_an_agreement_is_with_somebody_who_has_applied(office: Office) -> None:
    for name in ("company", "other_company", "guarantor"):
        call = office.uses.tariffs.set_payer(office.approver, office.homes[name], True, 31, "", None, None)
        assert (await refusal(call)).reason is Reason.NOT_FOUND
    await office.submitted()
    await agree(office)
    page = await office.uses.tariffs.list_payers(office.underwriter, ListQuery(ListKind.MONTHLY_PAYERS))
    assert [(each.contractor.name, each.payer.due_day) for each in page.views] == [("㈱髙﨑建設", 20)]
    other = await office.uses.tariffs.list_payers(office.rival, ListQuery(ListKind.MONTHLY_PAYERS))
    assert other.views == ()


async def test_months_go_on_from_each_other_and_end_at_midnight_in_japan(office: Office) -> None:
    first, second = await owing(office, 2)
    office.clock.at = office.clock.at.replace(day=31, hour=14, minute=59, second=59)
    desk, day = office.uses.underwriting, date(2026, 5, 31)
    await desk.record_fee(
        office.underwriter, first.contract_id, FeeEntryKind.PAYMENT, 4_000, day, "振込", None, None
    )
    office.clock.move(seconds=1)
    await desk.record_fee(
        office.underwriter, second.contract_id, FeeEntryKind.PAYMENT, 9_000, day, "", None, None
    )
    fees, home = office.uses.fees, office.homes["company"]
    may = (await fees.statement(office.underwriter, home, 2026, 5)).statement
    june = (await fees.statement(office.contractor, office.homes["guarantor"], 2026, 6)).statement
    assert (may.opening_yen, may.charged_yen, may.received_yen, may.closing_yen) == (0, 20_000, 4_000, 16_000)
    assert (june.opening_yen, june.received_yen, june.closing_yen) == (16_000, 9_000, 7_000)
    assert [each.contract_number for each in june.entries] == [second.number]
    assert (may.as_of, may.due, june.as_of) == (None, date(2026, 6, 20), date(2026, 6, 1))


async def test_a_month_that_is_over_stays_what_it_was(office: Office) -> None:
    contracts = await owing(office, 2)
    office.clock.move(days=30)
    fees, home = office.uses.fees, office.homes["company"]
    before = await fees.statement(office.underwriter, home, 2026, 5)
    await fees.record_monthly_payment(office.underwriter, home, 15_000, date(2026, 5, 31), "", None)
    await office.uses.drafts.withdraw(office.contractor, contracts[1].contract_id, None, None)
    assert await fees.statement(office.underwriter, home, 2026, 5) == before


async def test_a_month_is_for_those_who_pay_so(office: Office) -> None:
    fees, home = office.uses.fees, office.homes["company"]
    call = fees.statement(office.underwriter, home, 2026, 5)
    assert (await refusal(call)).reason is Reason.NOT_FOUND
    await office.accepted()
    for caller, other in ((office.underwriter, home), (office.contractor, office.homes["guarantor"])):
        assert (await refusal(fees.statement(caller, other, 2026, 5))).reason is Reason.NOT_MONTHLY_PAYER
    await agree(office)
    await agree(office, active=False)
    assert (await fees.statement(office.underwriter, home, 2026, 5)).statement.closing_yen == FEE_YEN
    assert (await refusal(fees.statement(office.rival, home, 2026, 5))).reason is Reason.NOT_FOUND
    assert (await refusal(fees.statement(office.contractor, home, 2026, 5))).reason is Reason.NOT_FOUND
    assert (await refusal(fees.statement(office.underwriter, home, 2026, 6))).reason is Reason.DATE_IN_FUTURE


async def test_one_sum_pays_what_is_due_first_first(office: Office) -> None:
    first, second, third = await owing(office, 3)
    call = replay(office.underwriter, "RecordMonthlyPayment")
    fees, home = office.uses.fees, office.homes["company"]
    shares = await fees.record_monthly_payment(office.underwriter, home, 25_000, TODAY, "5月分", call)
    found = {share.contract.contract_id: share.amount_yen for share in shares}
    assert sorted(found.values()) == [5_000, 10_000, 10_000]
    assert set(found) == {first.contract_id, second.contract_id, third.contract_id}
    repeated = await fees.record_monthly_payment(office.underwriter, home, 25_000, TODAY, "5月分", call)
    assert {each.contract.contract_id: each.amount_yen for each in repeated} == found
    left = await fees.statement(office.underwriter, home, 2026, 5)
    assert left.statement.closing_yen == 5_000


async def test_one_sum_above_what_is_owed_is_refused_and_books_nothing(office: Office) -> None:
    await owing(office, 2)
    fees, home = office.uses.fees, office.homes["company"]
    call = fees.record_monthly_payment(office.underwriter, home, 20_001, TODAY, "", None)
    (violation,) = (await refusal(call)).violations
    assert (violation.reason, violation.params) == (Reason.AMOUNT_TOO_LARGE, {"maximum_yen": 20_000})
    assert (await fees.statement(office.underwriter, home, 2026, 5)).statement.received_yen == 0


async def test_one_sum_goes_to_nothing_that_lapsed(office: Office) -> None:
    contract = await office.accepted()
    await agree(office)
    office.clock.move(days=15)
    fees, home = office.uses.fees, office.homes["company"]
    call = fees.record_monthly_payment(office.underwriter, home, 1, date(2026, 5, 26), "", None)
    assert (await refusal(call)).reason is Reason.AMOUNT_TOO_LARGE
    assert (await again(office, contract)).ledger == contract.ledger


# --- What is due -------------------------------------------------------------------------------------------------


async def fees_of(office: Office, standing: FeeStanding, days: int = 0) -> list[str]:
    sort = "balance_yen" if standing is FeeStanding.CREDIT else "fee_due"
    query = ListQuery(ListKind.FEES, equals={"fee_standing": standing.value}, sort=sort, due_within_days=days)
    page = await office.uses.contracts.list(office.underwriter, query)
    return [each.contract_id for each in page.items if isinstance(each, Contract)]


async def test_unpaid_fees_are_soon_due_then_overdue_and_a_lapse_is_told_for_a_month(office: Office) -> None:
    monthly = (await owing(office, 1))[0].contract_id
    await agree(office, active=False)
    single = (await office.accepted()).contract_id
    assert await fees_of(office, FeeStanding.DUE_SOON, 14) == [single]
    assert await fees_of(office, FeeStanding.OWED) == [single, monthly]
    office.clock.move(days=15)
    assert await fees_of(office, FeeStanding.OVERDUE) == [single]
    await office.uses.daily.run()
    assert await fees_of(office, FeeStanding.OVERDUE) == [single]
    assert await fees_of(office, FeeStanding.OWED) == [monthly]
    office.clock.move(days=30)
    assert await fees_of(office, FeeStanding.OVERDUE) == [monthly]


async def test_what_was_paid_too_much_waits_to_be_given_back(office: Office) -> None:
    contract = await office.accepted()
    desk = office.uses.underwriting

    async def book(kind: FeeEntryKind, yen: int) -> Contract:
        return await desk.record_fee(
            office.underwriter, contract.contract_id, kind, yen, TODAY, "", None, None
        )

    await book(FeeEntryKind.PAYMENT, FEE_YEN * 10)
    assert await fees_of(office, FeeStanding.CREDIT) == [contract.contract_id]
    await book(FeeEntryKind.REFUND, FEE_YEN * 9)
    assert await fees_of(office, FeeStanding.CREDIT) == []


# --- Sheets and receipts -----------------------------------------------------------------------------------------


async def test_the_fee_sheet_is_both_parties_once_the_fee_is_told(office: Office) -> None:
    await office.uses.tariffs.set(office.approver, TABLE, None, None)
    contract = await office.submitted()
    for caller in (office.contractor, office.underwriter):
        call = office.uses.fees.sheet(caller, contract.contract_id)
        assert (await refusal(call)).reason is Reason.FEE_NOT_TOLD
    await accept(office, contract, TARIFF_FEE_YEN)
    for caller in (office.contractor, office.approver):
        text = text_of((await office.uses.fees.sheet(caller, contract.contract_id))[1])
        assert "保証料計算書" in text and "架空の料率" in text and f"金 {TARIFF_FEE_YEN:,} 円" in text
    assert (await refusal(office.uses.fees.sheet(office.stranger, contract.contract_id))).reason is (
        Reason.NOT_FOUND
    )


async def test_a_fee_that_waits_for_approval_has_no_sheet(office: Office) -> None:
    contract = await office.submitted(Product.PREPAYMENT)
    pending = await accept(office, contract, FEE_YEN)
    assert pending.state is ContractState.PENDING_APPROVAL
    call = office.uses.fees.sheet(office.contractor, contract.contract_id)
    assert (await refusal(call)).reason is Reason.FEE_NOT_TOLD


async def test_the_statement_is_printed_for_both(office: Office) -> None:
    (contract,) = await owing(office, 1)
    fees = office.uses.fees
    for caller, other in (
        (office.underwriter, office.homes["company"]),
        (office.contractor, office.homes["guarantor"]),
    ):
        text = text_of((await fees.statement_pdf(caller, other, 2026, 5))[1])
        assert contract.number in text and "㈱髙﨑建設　御中" in text and "10,000 円" in text


async def test_the_receipt_is_recorded_once_with_who_and_when(office: Office) -> None:
    contract = await office.paid()

    def send() -> object:
        return office.uses.fees.record_receipt(
            office.underwriter, contract.contract_id, TODAY, "中村 一郎", "簡易書留", None, None
        )

    sent = await send()  # type: ignore[misc]
    assert (sent.receipt.officer, sent.receipt.user_id) == ("中村 一郎", office.underwriter.user_id)
    assert (await refusal(send())).reason is Reason.RECEIPT_ALREADY_SENT  # type: ignore[arg-type]
    assert await office.audited("contract.record_receipt") == 1


# --- The advance -------------------------------------------------------------------------------------------------


async def prepaid(office: Office) -> Contract:
    works_id = await office.works(contract_date=TODAY, expected_contract_date=None)
    return await office.issued(Product.PREPAYMENT, works_id=works_id)


async def test_the_request_is_addressed_as_the_kept_policy_says(office: Office) -> None:
    contract = await prepaid(office)
    said = await office.uses.advances.terms(office.contractor, contract.contract_id)
    assert (said.addressee, said.amount_yen, said.electronic) == ("柏市長", PRICE_YEN * 4 // 10, True)
    _, pdf = await office.uses.advances.document(office.contractor, contract.contract_id, None, False)
    text = text_of(pdf)
    assert (
        "前払金請求書" in text and "柏市長　様" in text and "令和8年5月11日" in text and "見本 DEMO" in text
    )


async def test_a_request_is_recorded_once_copied_and_replaced_after_its_withdrawal(office: Office) -> None:
    contract = await prepaid(office)
    advances, contract_id = office.uses.advances, contract.contract_id
    call = advances.document(office.contractor, contract_id, None, True)
    assert (await refusal(call)).reason is Reason.ADVANCE_NOT_REQUESTED
    await advances.record(office.contractor, contract_id, TODAY, None, "窓口", None, None)
    office.clock.move(days=3)
    for again_call in (
        advances.record(office.contractor, contract_id, TODAY, None, "", None, None),
        advances.document(office.contractor, contract_id, None, False),
    ):
        assert (await refusal(again_call)).reason is Reason.ADVANCE_ALREADY_REQUESTED
    copy = text_of((await advances.document(office.contractor, contract_id, None, True))[1])
    assert "（控え）" in copy and "令和8年5月11日" in copy
    await advances.withdraw(office.contractor, contract_id, "不備により返却", None, None)
    later = TODAY + timedelta(days=3)
    second = await advances.record(office.contractor, contract_id, later, None, "", None, None)
    assert [each.day for each in second.advance_requests] == [TODAY, later]


async def test_nobody_else_asks_for_the_advance(office: Office) -> None:
    contract = await prepaid(office)
    for caller in (office.stranger, office.rival):
        for call in (
            office.uses.advances.terms(caller, contract.contract_id),
            office.uses.advances.document(caller, contract.contract_id, None, False),
            office.uses.advances.record(caller, contract.contract_id, TODAY, None, "", None, None),
        ):
            assert (await refusal(call)).reason is Reason.NOT_FOUND


async def test_a_guarantee_from_signing_asks_for_the_day_of_the_signing(office: Office) -> None:
    contract = await office.issued(Product.PREPAYMENT)
    advances, contract_id = office.uses.advances, contract.contract_id
    assert (await advances.terms(office.contractor, contract_id)).contract_date is None
    refused = await refusal(advances.document(office.contractor, contract_id, None, False))
    assert [(each.reason, each.field) for each in refused.violations] == [
        (Reason.FIELD_REQUIRED, "contract_date")
    ]
    text = text_of((await advances.document(office.contractor, contract_id, TODAY, False))[1])
    assert "契約締結日令和8年5月11日" in text.replace(" ", "")
    done = await advances.record(office.contractor, contract_id, TODAY, TODAY, "", None, None)
    assert done.advance_requests[0].contract_date == TODAY


@pytest.mark.parametrize("day", [TODAY - timedelta(days=1), TODAY + timedelta(days=1)])
async def test_a_request_is_handed_in_between_the_issue_and_today(office: Office, day: date) -> None:
    contract = await prepaid(office)
    call = office.uses.advances.record(office.contractor, contract.contract_id, day, None, "", None, None)
    with pytest.raises(RefusedError) as raised:
        await call
    assert raised.value.violations[0].field == "day"
