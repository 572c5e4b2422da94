"""Who may do what with whose contract, and what holds when two things happen at once."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from tashika_server.application.access import RULES, authorise
from tashika_server.application.caller import Caller
from tashika_server.application.ports import ListKind, ListQuery
from tashika_server.domain.model import Contract, ContractState, FeeEntryKind, Form, Product, Remark, Role
from tashika_server.domain.policy import ElectronicPolicy, Policy
from tashika_server.domain.reasons import Reason, RefusedError
from tests.unit.application.office import COMPANY, FEE_YEN, GUARANTOR, PRICE_YEN, Office, replay

REMARKS = (Remark("application.works.name", "工事名を確認してください。"),)
Act = Callable[[Office, Caller, str], Awaitable[object]]

ACTS: dict[str, Act] = {
    "get": lambda o, who, c: o.uses.contracts.get(who, c),
    "update": lambda o, who, c: o.uses.drafts.update(who, c, o.application(""), None, None),
    "delete": lambda o, who, c: o.uses.drafts.delete(who, c, None, None),
    "check": lambda o, who, c: o.uses.drafts.check_submission(who, c, None),
    "submit": lambda o, who, c: o.uses.drafts.submit(who, c, None, None),
    "withdraw": lambda o, who, c: o.uses.drafts.withdraw(who, c, None, None),
    "report": lambda o, who, c: o.uses.drafts.report_error(who, c, REMARKS, None, None),
    "accept": lambda o, who, c: o.uses.underwriting.accept(who, c, None, FEE_YEN, None, None),
    "approve": lambda o, who, c: o.uses.underwriting.approve(who, c, None, None),
    "return": lambda o, who, c: o.uses.underwriting.return_(who, c, REMARKS, None, None),
    "refuse": lambda o, who, c: o.uses.underwriting.refuse(who, c, "対象外", None, None),
    "fee": lambda o, who, c: o.uses.underwriting.record_fee(
        who, c, FeeEntryKind.PAYMENT, FEE_YEN, date(2026, 5, 11), "", None, None
    ),
    "paper": lambda o, who, c: o.uses.underwriting.record_paper_issue(
        who, c, date(2026, 5, 11), "証第１号", None, None
    ),
    "check issue": lambda o, who, c: o.uses.issuing.check(who, c, None),
    "issue": lambda o, who, c: o.uses.issuing.issue(who, c, None, None),
    "certificate": lambda o, who, c: o.uses.certificates.get(who, c, 0),
    "certificates": lambda o, who, c: o.uses.certificates.list(who, c),
    "key": lambda o, who, c: o.uses.keys.reveal(who, c),
    "notice": lambda o, who, c: o.uses.keys.notice(who, c),
    "openings": lambda o, who, c: o.uses.keys.openings(who, c),
}


async def refusal(call: Awaitable[object]) -> RefusedError:
    with pytest.raises(RefusedError) as raised:
        await call
    return raised.value


async def again(office: Office, contract: Contract) -> Contract:
    return (await office.uses.contracts.get(office.contractor, contract.contract_id)).contract


async def revision(office: Office) -> int:
    return await office.kit.store.read(lambda view: view.revision())


@pytest.mark.parametrize("act", ACTS)
async def test_anothers_contract_is_as_unknown_as_none_at_all(office: Office, act: str) -> None:
    contract = await office.submitted()
    before = await revision(office)

    foreign = [
        await refusal(ACTS[act](office, who, contract.contract_id)) for who in (office.stranger, office.rival)
    ]
    nobody = await refusal(ACTS[act](office, office.stranger, "con_00000000000000000000000000"))
    operator = await refusal(ACTS[act](office, office.operator, contract.contract_id))

    assert [each.violations for each in (*foreign, operator)] == [nobody.violations] * 3
    assert nobody.reason is Reason.NOT_FOUND
    assert await revision(office) == before


async def test_a_guarantor_learns_nothing_of_a_draft_that_names_it(office: Office) -> None:
    draft = await office.draft()

    assert (
        await refusal(office.uses.contracts.get(office.underwriter, draft.contract_id))
    ).reason is Reason.NOT_FOUND
    query = ListQuery(ListKind.CONTRACTS)
    assert (await office.uses.contracts.list(office.underwriter, query)).items == ()
    assert len((await office.uses.contracts.list(office.contractor, query)).items) == 1


async def test_nobody_applies_with_works_of_another_company(office: Office) -> None:
    works_id = await office.works()
    for call in (
        office.uses.drafts.create(office.stranger, office.application(works_id), None),
        office.uses.drafts.quote(office.stranger, office.application(works_id)),
        office.uses.works.get(office.stranger, works_id),
    ):
        assert (await refusal(call)).reason is Reason.NOT_FOUND


def test_a_method_without_a_rule_is_denied_to_everybody() -> None:
    everything = Caller("usr_1", roles=frozenset(Role))
    with pytest.raises(RefusedError) as raised:
        authorise("/tashika.v1.ContractService/NewThing", everything)
    assert raised.value.reason is Reason.PERMISSION_DENIED


def test_no_rule_gives_the_operator_a_key_or_a_contract() -> None:
    operator = Caller("usr_1", roles=frozenset({Role.OPERATOR}))
    anyones = {"OpenCertificate", "VerifyCertificate", "DownloadCertificate"}
    for method, rule in RULES.items():
        service, name = method.split("/")[1:]
        if service.endswith(("KeyService", "ContractService", "CertificateService")) and name not in anyones:
            with pytest.raises(RefusedError):
                authorise(method, operator)
            assert not rule.anyone


def test_with_a_first_password_nothing_is_open_but_ones_own_session() -> None:
    newcomer = Caller("usr_1", roles=frozenset(Role), must_change_password=True)
    for method, rule in RULES.items():
        if rule.anyone or rule.before_password_change:
            authorise(method, newcomer)
            continue
        with pytest.raises(RefusedError) as raised:
            authorise(method, newcomer)
        assert raised.value.reason is Reason.PASSWORD_CHANGE_REQUIRED


# --- four eyes ---


async def test_whoever_accepted_neither_approves_nor_undoes_it_whatever_roles_they_have(
    office: Office,
) -> None:
    contract_id = (await office.submitted(Product.PREPAYMENT)).contract_id
    desk = office.uses.underwriting
    waiting = await desk.accept(office.deputy, contract_id, None, FEE_YEN, None, None)
    assert waiting.state is ContractState.PENDING_APPROVAL

    for call in (
        desk.approve(office.deputy, contract_id, None, None),
        desk.return_(office.deputy, contract_id, REMARKS, None, None),
        desk.refuse(office.deputy, contract_id, "対象外", None, None),
    ):
        assert (await refusal(call)).reason is Reason.APPROVAL_BY_SAME_PERSON
    assert (await refusal(office.uses.issuing.issue(office.deputy, contract_id, None, None))).reason is (
        Reason.WRONG_STATE
    )
    assert (
        await desk.approve(office.approver, contract_id, None, None)
    ).approved_by == office.approver.user_id


async def test_a_second_acceptance_forgets_who_accepted_and_approved_the_first(office: Office) -> None:
    contract_id = (await office.submitted(Product.PREPAYMENT)).contract_id
    desk, drafts = office.uses.underwriting, office.uses.drafts
    await desk.accept(office.underwriter, contract_id, None, FEE_YEN, None, None)
    await desk.approve(office.deputy, contract_id, None, None)
    await drafts.report_error(office.contractor, contract_id, REMARKS, None, None)

    waiting = await desk.accept(office.deputy, contract_id, None, FEE_YEN, None, None)

    assert (waiting.state, waiting.approved_by) == (ContractState.PENDING_APPROVAL, "")
    assert (await refusal(desk.approve(office.deputy, contract_id, None, None))).reason is (
        Reason.APPROVAL_BY_SAME_PERSON
    )


async def test_terms_name_no_other_works_orderer_product_form_or_guarantor(office: Office) -> None:
    contract = await office.submitted()
    applied = contract.application
    for terms in (
        replace(applied, product=Product.PREPAYMENT),
        replace(applied, form=Form.PAPER),
        replace(applied, guarantor_id=office.homes["other_guarantor"]),
        replace(applied, works_id="wrk_00000000000000000000000000"),
        replace(applied, works=replace(applied.works, orderer_id="abiko")),
    ):
        call = office.uses.underwriting.accept(
            office.underwriter, contract.contract_id, terms, FEE_YEN, None, None
        )
        assert (await refusal(call)).reason is Reason.TERMS_CHANGED_TOO_FAR


# --- snapshots ---


async def test_works_changed_after_the_submission_change_no_contract(office: Office) -> None:
    contract = await office.submitted()
    terms = replace(contract.application.works, name="別の工事", price_yen=1)
    await office.uses.works.update(office.contractor, contract.application.works_id, terms, None, None)

    accepted = await office.uses.underwriting.accept(
        office.underwriter, contract.contract_id, None, FEE_YEN, None, None
    )

    assert accepted.terms == contract.application
    assert accepted.terms.works.price_yen == PRICE_YEN


async def test_a_company_renamed_after_the_submission_stands_as_it_was_until_it_submits_again(
    office: Office,
) -> None:
    contract = await office.submitted()
    company = replace(COMPANY, organization_id=office.homes["company"], name="髙﨑ホールディングス㈱")
    await office.uses.directory.update_organization(office.operator, company, None, None)
    await office.uses.underwriting.return_(office.underwriter, contract.contract_id, REMARKS, None, None)

    returned = await again(office, contract)
    resubmitted = await office.uses.drafts.submit(office.contractor, contract.contract_id, None, None)

    assert returned.principal is not None and returned.principal.company == COMPANY.name
    assert resubmitted.principal is not None and resubmitted.principal.company == company.name
    assert resubmitted.number == contract.number
    assert resubmitted.registrant.company == COMPANY.name


async def test_a_policy_changed_after_the_submission_judges_the_next_submission_only(office: Office) -> None:
    first, second = await office.submitted(), await office.draft()
    closed = Policy(addressee="柏市長")
    await office.uses.orderers.update(office.operator, "kashiwa", closed, None, None)

    desk = office.uses.underwriting
    accepted = await desk.accept(office.underwriter, first.contract_id, None, FEE_YEN, None, None)
    assert accepted.policy_version == 1
    call = office.uses.drafts.submit(office.contractor, second.contract_id, None, None)
    assert (await refusal(call)).reason is Reason.ELECTRONIC_NOT_ACCEPTED

    opened = Policy(electronic=ElectronicPolicy(products=frozenset({Product.PERFORMANCE})))
    await office.uses.orderers.update(office.operator, "kashiwa", opened, None, None)
    assert (
        await office.uses.drafts.submit(office.contractor, second.contract_id, None, None)
    ).policy_version == 3


async def test_a_guarantor_that_was_disabled_takes_no_more_applications(office: Office) -> None:
    draft = await office.draft()
    guarantor = replace(GUARANTOR, organization_id=office.homes["guarantor"], disabled=True)
    await office.uses.directory.update_organization(office.operator, guarantor, None, None)

    for call in (
        office.uses.drafts.submit(office.contractor, draft.contract_id, None, None),
        office.uses.drafts.create(office.contractor, draft.application, None),
    ):
        refused = await refusal(call)
        assert (refused.reason, refused.violations[0].field) == (Reason.NOT_FOUND, "application.guarantor_id")


# --- slots, repeated calls and races ---


async def test_of_two_submissions_for_one_slot_at_once_one_is_taken(office: Office) -> None:
    works_id = await office.works()
    drafts = [await office.draft(works_id=works_id) for _ in range(3)]

    done = await asyncio.gather(
        *(office.uses.drafts.submit(office.contractor, each.contract_id, None, None) for each in drafts),
        return_exceptions=True,
    )

    refused = [each for each in done if isinstance(each, RefusedError)]
    assert [each.reason for each in refused] == [Reason.GUARANTEE_EXISTS] * 2


async def test_a_lapsed_contract_gives_its_slot_free_before_anybody_has_recorded_it(office: Office) -> None:
    first = await office.accepted()
    office.clock.move(days=15)
    second = await office.draft(works_id=first.application.works_id, period_start=date(2026, 5, 11))

    await office.uses.drafts.submit(office.contractor, second.contract_id, None, None)

    assert (await again(office, first)).state is ContractState.LAPSED
    assert await office.uses.daily.run() == 0


async def test_a_repeated_call_gives_the_first_answer_after_everything_has_moved_on(office: Office) -> None:
    draft = await office.draft()
    calls = replay(office.contractor, "SubmitContract")
    first = await office.uses.drafts.submit(office.contractor, draft.contract_id, None, calls)
    await office.uses.drafts.withdraw(office.contractor, draft.contract_id, None, None)

    assert await office.uses.drafts.submit(office.contractor, draft.contract_id, None, calls) == first
    other_body = replay(office.contractor, "SubmitContract", b"other")
    call = office.uses.drafts.submit(office.contractor, draft.contract_id, None, other_body)
    assert (await refusal(call)).reason is Reason.REQUEST_ID_REUSED


async def test_a_colleague_with_the_same_request_id_gets_no_answer_of_another_person(office: Office) -> None:
    draft = await office.draft()
    await office.uses.drafts.submit(
        office.contractor, draft.contract_id, None, replay(office.contractor, "SubmitContract")
    )
    call = office.uses.drafts.submit(
        office.colleague, draft.contract_id, None, replay(office.colleague, "SubmitContract")
    )
    assert (await refusal(call)).reason is Reason.WRONG_STATE


async def test_a_repeated_deletion_is_done_though_the_draft_is_gone(office: Office) -> None:
    draft = await office.draft()
    calls = replay(office.contractor, "DeleteDraft")
    for _ in range(2):
        await office.uses.drafts.delete(office.contractor, draft.contract_id, None, calls)

    call = office.uses.contracts.get(office.contractor, draft.contract_id)
    assert (await refusal(call)).reason is Reason.NOT_FOUND


async def test_of_two_decisions_on_one_etag_one_is_taken(office: Office) -> None:
    contract = await office.submitted()
    desk, seen = office.uses.underwriting, contract.revision
    done = await asyncio.gather(
        desk.accept(office.underwriter, contract.contract_id, None, FEE_YEN, seen, None),
        desk.return_(office.deputy, contract.contract_id, REMARKS, seen, None),
        office.uses.drafts.withdraw(office.contractor, contract.contract_id, seen, None),
        return_exceptions=True,
    )
    refused = [each for each in done if isinstance(each, RefusedError)]
    assert [each.reason for each in refused] == [Reason.ETAG_MISMATCH] * 2


# --- the fee, and midnight in Japan ---


async def test_no_more_goes_back_than_came_in_too_much(office: Office) -> None:
    contract = await office.accepted()
    day = date(2026, 5, 11)

    async def book(kind: FeeEntryKind, yen: int) -> Contract:
        return await office.uses.underwriting.record_fee(
            office.underwriter, contract.contract_id, kind, yen, day, "", None, None
        )

    assert (await refusal(book(FeeEntryKind.REFUND, 1))).reason is Reason.AMOUNT_TOO_LARGE
    assert (await refusal(book(FeeEntryKind.REVERSAL, FEE_YEN))).reason is Reason.CHOICE_UNKNOWN
    assert (await refusal(book(FeeEntryKind.PAYMENT, -1))).reason is Reason.AMOUNT_NOT_POSITIVE
    assert (await book(FeeEntryKind.PAYMENT, FEE_YEN + 100)).pay_by is None
    assert (await refusal(book(FeeEntryKind.REFUND, 101))).reason is Reason.AMOUNT_TOO_LARGE
    await book(FeeEntryKind.REFUND, 100)
    assert (await refusal(book(FeeEntryKind.REFUND, 1))).reason is Reason.AMOUNT_TOO_LARGE


async def test_two_refunds_at_once_do_not_both_take_the_same_credit(office: Office) -> None:
    contract = await office.accepted()
    desk, day = office.uses.underwriting, date(2026, 5, 11)
    await desk.record_fee(
        office.underwriter, contract.contract_id, FeeEntryKind.PAYMENT, FEE_YEN + 100, day, "", None, None
    )
    refunds = (
        desk.record_fee(
            office.underwriter, contract.contract_id, FeeEntryKind.REFUND, 100, day, "", None, None
        )
        for _ in range(2)
    )
    done = await asyncio.gather(*refunds, return_exceptions=True)
    assert sum(isinstance(each, RefusedError) for each in done) == 1


async def test_the_fee_is_in_time_until_midnight_in_japan_and_late_from_then_on(office: Office) -> None:
    contract = await office.accepted()
    assert contract.pay_by == date(2026, 5, 25)
    office.clock.at = office.clock.at.replace(day=25, hour=14, minute=59, second=59)
    assert await office.uses.daily.run() == 0

    office.clock.move(seconds=1)

    assert (await office.pay(contract)).pay_by is not None
    call = office.uses.issuing.issue(office.underwriter, contract.contract_id, None, None)
    assert (await refusal(call)).reason is Reason.PAYMENT_LAPSED
    assert await office.uses.daily.run() == 1
    assert (await again(office, contract)).state is ContractState.LAPSED


async def test_a_contract_in_force_ends_with_its_last_day_in_japan(office: Office) -> None:
    issued = await office.issued(Product.PERFORMANCE)
    assert issued.terms is not None and issued.terms.period_end is not None
    last = issued.terms.period_end
    office.clock.move(days=(last - date(2026, 5, 11)).days, hours=13, minutes=59)
    assert await office.uses.daily.run() == 0
    office.clock.move(minutes=1)
    assert await office.uses.daily.run() == 1
    assert (await again(office, issued)).state is ContractState.EXPIRED


async def test_a_prepayment_of_an_orderer_is_rounded_to_its_step_and_capped_by_the_price(
    office: Office,
) -> None:
    draft = await office.draft(Product.PREPAYMENT, amount_yen=PRICE_YEN * 4 // 10 + 1)
    call = office.uses.drafts.submit(office.contractor, draft.contract_id, None, None)
    assert (await refusal(call)).reason is Reason.PREPAYMENT_ABOVE_MAXIMUM


async def test_a_contract_guarantee_without_a_planned_prepayment_is_refused(office: Office) -> None:
    draft = await office.draft(prepayment_planned=False)
    call = office.uses.drafts.submit(office.contractor, draft.contract_id, None, None)
    assert (await refusal(call)).reason is Reason.PERFORMANCE_WITHOUT_PREPAYMENT


async def test_the_days_of_an_application_are_those_of_japan(office: Office) -> None:
    office.clock.at = office.clock.at.replace(hour=15, minute=0)
    tomorrow = date(2026, 5, 12)
    works_id = await office.works(contract_date=tomorrow, expected_contract_date=None)
    await office.submitted(works_id=works_id)

    late = await office.works(contract_date=tomorrow + timedelta(days=1), expected_contract_date=None)
    draft = await office.draft(works_id=late)
    call = office.uses.drafts.submit(office.contractor, draft.contract_id, None, None)
    assert (await refusal(call)).reason is Reason.DATE_IN_FUTURE
