"""The main job by the port, on the real register and on the simulation: the same calls, the same results."""

import hashlib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tashika_formats.statement import parse_envelope
from tashika_tui.client import records
from tashika_tui.client.intent import new_request_id
from tests.e2e.client.stage import Stage, pdf

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_works_are_kept_and_changed_by_their_etag(stage: Stage) -> None:
    contractor = await stage.as_("contractor")
    made = await contractor.create_works(stage.works(name="試験橋架替工事"), request_id=new_request_id())
    changed = await contractor.update_works(replace(made, name="試験橋補修工事"), request_id=new_request_id())
    assert (changed.works_id, changed.name) == (made.works_id, "試験橋補修工事")
    assert changed.etag != made.etag
    assert await contractor.get_works(made.works_id) == changed
    page = await contractor.list_works(
        records.PageRequest(size=200), records.WorksFilter(search="試験橋　補修")
    )
    assert page.items == (changed,)


async def test_a_draft_may_lack_everything(stage: Stage) -> None:
    contractor = await stage.as_("contractor")
    draft = await contractor.create_contract(records.Application(), request_id=new_request_id())
    assert (draft.state, draft.contract_number, draft.terms) == ("DRAFT", "", None)
    again = await contractor.get_contract(draft.contract_id)
    assert (again.etag, again.application) == (draft.etag, draft.application)
    await contractor.delete_draft(draft, request_id=new_request_id())


async def test_an_application_comes_back_as_it_was_entered(stage: Stage) -> None:
    members = (
        records.VentureMember("㈱髙﨑建設", "千葉県柏市", "代表取締役　𠮷田 葛󠄀男", 6_000),
        records.VentureMember("𠮷田土木㈱", "千葉県柏市", "代表取締役　葛󠄀城 太郎", 4_000),
    )
    venture = records.JointVenture("髙﨑・𠮷田特定建設工事共同企業体", members)
    application = await stage.application("PREPAYMENT", joint_venture=venture)
    contractor = await stage.as_("contractor")
    draft = await contractor.create_contract(application, request_id=new_request_id())
    assert application.works is not None
    assert draft.application == replace(application, works=replace(application.works, etag=""))


async def test_a_quote_tells_the_bounds_and_every_gap(stage: Stage) -> None:
    contractor = await stage.as_("contractor")
    application = await stage.application(amount_yen=None, contact=None)
    quote = await contractor.quote_contract(application)
    assert (quote.minimum_yen, quote.maximum_yen, quote.round_down_to_yen) == (5_500_000, 55_000_000, 1)
    assert {(each.reason, each.field) for each in quote.violations} == {
        ("FIELD_REQUIRED", "application.amount_yen"),
        ("FIELD_REQUIRED", "application.contact.name"),
        ("FIELD_REQUIRED", "application.contact.telephone"),
    }
    assert "CONTRACT_ALREADY_SIGNED" in {each.reason for each in quote.cautions}
    assert all(each.sentence for each in (*quote.violations, *quote.cautions))


async def test_a_submission_gives_number_and_registrant(stage: Stage) -> None:
    contractor = await stage.as_("contractor")
    draft = await stage.draft()
    checked = await contractor.submit_contract(draft, request_id=new_request_id(), validate_only=True)
    assert checked.state == "DRAFT"
    contract = await contractor.submit_contract(draft, request_id=new_request_id())
    assert contract.state == "SUBMITTED"
    assert len(contract.contract_number) == 14
    assert contract.registrant == records.Registrant("髙﨑 花子", "㈱髙﨑建設", "契約部長")
    assert contract.principal is not None
    assert contract.submit_time == contract.steps.submit_time is not None
    row = await contractor.find_contract(contract.contract_number)
    assert row is not None
    assert (row.contract_id, row.state, row.amount_yen) == (contract.contract_id, "SUBMITTED", 5_500_000)


async def test_an_attachment_arrives_whole_and_its_progress_is_told(stage: Stage, tmp_path: Path) -> None:
    contractor, desk = await stage.as_("contractor"), await stage.as_("underwriter")
    draft = await stage.draft()
    file = tmp_path / "請負契約書.pdf"
    content = pdf(b"x" * 100_000)
    file.write_bytes(content)
    told: list[tuple[int, int]] = []
    held = await contractor.attach_document(
        draft, file, request_id=new_request_id(), progress=lambda sent, of: told.append((sent, of))
    )
    one = held.attachments[-1]
    assert (one.name, one.size_bytes) == ("請負契約書.pdf", len(content))
    assert one.sha256 == hashlib.sha256(content).hexdigest()
    assert told[-1] == (len(content), len(content))
    contract = await contractor.submit_contract(held, request_id=new_request_id())
    got = await desk.download_attachment(contract.contract_id, one.attachment_id)
    assert (got.name, got.content) == ("請負契約書.pdf", content)


async def test_acceptance_fee_issue_and_handing_in_leave_their_traces(stage: Stage) -> None:
    contractor, desk = await stage.as_("contractor"), await stage.as_("underwriter")
    accepted = await stage.accepted()
    assert (accepted.state, accepted.balance_yen, accepted.fee_yen) == ("ACCEPTED", 123_400, 123_400)
    assert accepted.pay_by == stage.today + timedelta(days=14)
    paid = await desk.record_fee(
        accepted, "PAYMENT", 123_400, stage.today, request_id=new_request_id(), note="振込"
    )
    assert [(row.kind, row.amount_yen) for row in paid.ledger] == [("CHARGE", 123_400), ("PAYMENT", 123_400)]
    assert (paid.balance_yen, paid.pay_by) == (0, None)
    assert (
        await desk.issue_certificate(paid, request_id=new_request_id(), validate_only=True)
    ).certificate is None
    issued = await desk.issue_certificate(paid, request_id=new_request_id())
    assert (issued.contract.state, issued.contract.version) == ("IN_FORCE", 1)
    assert issued.certificate is not None
    seen = await contractor.get_contract(paid.contract_id)
    assert seen.hand_in_advice is not None
    assert (seen.hand_in_advice.channel, seen.hand_in_advice.before) == ("", "CONTRACT_SIGNING")
    handed = await contractor.record_hand_in(seen, 1, "MAIL", request_id=new_request_id(), note="窓口の指示")
    assert [(fact.kind, fact.version, fact.channel) for fact in handed.facts] == [("HANDED_IN", 1, "MAIL")]
    assert handed.lead_time_seconds is not None


async def test_the_key_opens_its_certificate_and_both_parties_see_it(stage: Stage) -> None:
    contractor, city = await stage.as_("contractor"), await stage.as_("")
    contract = await stage.issued()
    key = await contractor.get_key(contract.contract_id)
    assert key.contract_number == contract.contract_number
    typed = key.key.lower().replace("-", "　")
    opened = await city.open_certificate(contract.contract_number, typed)
    assert (opened.contract_id, opened.version, opened.contract_state) == (
        contract.contract_id,
        1,
        "IN_FORCE",
    )
    statement = parse_envelope(opened.envelope)
    assert statement["contract_number"] == contract.contract_number
    assert statement["guaranteed_amount_yen"] == 5_500_000
    assert statement["obligee"]["addressee"] == "柏市長"
    file = await city.download_viewed(opened.viewing_token)
    assert file.sha256 == opened.pdf_sha256 == hashlib.sha256(file.content).hexdigest()
    answer = await city.verify_certificate(file.sha256)
    assert answer is not None
    assert (answer.standing, answer.contract_number) == ("CURRENT", contract.contract_number)
    assert await city.verify_certificate("0" * 64) is None
    for person in (contractor, await stage.as_("underwriter")):
        assert [opening.success for opening in await person.list_openings(contract.contract_id)] == [True]
    assert (await contractor.get_contract(contract.contract_id)).first_open_time is not None


async def test_versions_and_files_are_the_contractors_to_get(stage: Stage) -> None:
    contractor = await stage.as_("contractor")
    contract = await stage.issued("PREPAYMENT")
    (row,) = await contractor.list_certificates(contract.contract_id)
    view = await contractor.get_certificate(contract.contract_id)
    assert (view.current_version, view.contract_state, row.version) == (1, "IN_FORCE", 1)
    assert view.certificate.certificate_id == row.certificate_id
    file = await contractor.download_certificate(contract.contract_id)
    assert file.sha256 == row.pdf_sha256
    notice = await contractor.download_key_notice(contract.contract_id)
    assert notice.content.startswith(b"%PDF-")


async def test_terms_that_differ_are_shown_beside_the_application(stage: Stage) -> None:
    contractor, desk = await stage.as_("contractor"), await stage.as_("underwriter")
    contract = await stage.submitted()
    terms = replace(contract.application, amount_yen=6_000_000)
    accepted = await desk.accept_contract(contract, 1_000, request_id=new_request_id(), terms=terms)
    seen = await contractor.get_contract(contract.contract_id)
    assert [(d.field, d.application_value, d.terms_value) for d in seen.differences] == [
        ("amount_yen", "5500000", "6000000")
    ]
    remarks = (records.Remark("application.amount_yen", "申し込んだ金額と違います。"),)
    back = await contractor.report_error(accepted, remarks, request_id=new_request_id())
    assert (back.state, back.remarks, back.terms, back.balance_yen) == ("SUBMITTED", remarks, None, 0)


async def test_a_returned_application_is_corrected_and_keeps_its_number(stage: Stage) -> None:
    contractor, desk = await stage.as_("contractor"), await stage.as_("underwriter")
    contract = await stage.submitted()
    remarks = (records.Remark("application.branch", "東京支店でお願いします。"),)
    returned = await desk.return_contract(contract, remarks, request_id=new_request_id())
    assert (returned.state, returned.remarks) == ("RETURNED", remarks)
    corrected = await contractor.update_contract(
        returned, replace(returned.application, branch="東京支店"), request_id=new_request_id()
    )
    again = await contractor.submit_contract(corrected, request_id=new_request_id())
    assert (again.state, again.contract_number) == ("SUBMITTED", contract.contract_number)
    assert again.application.branch == "東京支店"


async def test_withdrawal_refusal_and_paper_issue_end_where_they_must(stage: Stage) -> None:
    contractor, desk = await stage.as_("contractor"), await stage.as_("underwriter")
    withdrawn = await contractor.withdraw_contract(await stage.accepted(), request_id=new_request_id())
    assert (withdrawn.state, withdrawn.balance_yen) == ("WITHDRAWN", 0)
    refused = await desk.refuse_contract(
        await stage.submitted(), "引受けの対象外です。", request_id=new_request_id()
    )
    assert (refused.state, refused.refusal) == ("REFUSED", "引受けの対象外です。")
    paper = await stage.paid(form="PAPER")
    issued = await desk.record_paper_issue(paper, stage.today, "証第７号", request_id=new_request_id())
    assert (issued.state, issued.version) == ("IN_FORCE", 0)
    assert issued.paper_issue is not None
    assert issued.paper_issue.certificate_reference == "証第７号"


async def test_orderers_and_guarantors_are_found_with_what_they_want(stage: Stage) -> None:
    contractor = await stage.as_("contractor")
    rows = (await contractor.list_orderers(records.PageRequest(size=200))).items
    assert {(row.orderer_id, row.electronic) for row in rows} >= {("kashiwa", True), ("paper-only", False)}
    found = await contractor.list_orderers(records.PageRequest(), records.OrdererFilter(search="紙町"))
    assert [row.orderer_id for row in found.items] == ["paper-only"]
    kashiwa = await contractor.get_orderer("kashiwa")
    assert kashiwa.latest is not None
    assert kashiwa.latest.addressee == "柏市長"
    assert [rule.products for rule in kashiwa.latest.hand_in] == [("PERFORMANCE",), ("PREPAYMENT",)]
    guarantors = (await contractor.list_guarantors(records.PageRequest())).items
    own = next(each for each in guarantors if each.organization_id == stage.guarantor_id)
    assert [branch.name for branch in own.branches] == ["千葉支店", "東京支店"]
    assert (own.kind, own.approval_from_yen) == ("GUARANTEE_COMPANY", 10_000_000)


async def test_who_is_signed_in_is_known_by_name_and_role(stage: Stage) -> None:
    session = await (await stage.as_("underwriter")).get_session()
    assert (session.roles, session.organization_kind) == (("UNDERWRITER",), "GUARANTOR")
    assert session.organization_id == stage.guarantor_id
    assert session.user_id
