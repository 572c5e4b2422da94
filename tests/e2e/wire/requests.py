"""Requests that change something, each filled in every field, so that each field can be spoilt in turn."""

import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from _pytest.mark import ParameterSet
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from tashika.v1 import certificate_service_pb2 as certificates
from tashika.v1 import contract_fees_pb2 as fees
from tashika.v1 import contract_pb2, hand_in_pb2, key_service_pb2, notice_pb2, organization_pb2, user_pb2
from tashika.v1 import contract_service_pb2 as contracts
from tashika.v1 import contract_underwriting_pb2 as underwriting
from tashika.v1 import directory_fees_pb2 as directory_fees
from tashika.v1 import directory_service_pb2 as directory
from tashika.v1 import notice_service_pb2 as notices
from tashika.v1 import works_service_pb2 as works
from tests.support import data
from tests.support.client import fresh
from tests.support.orderers import EVERY_KEY, policy_file
from tests.support.people import BRANCHES, COMPANY, FIRST_PASSWORD, World
from tests.support.play import Play
from tests.support.ssh_keys import made_up_key

Make = Callable[[World, Play], Awaitable[Message]]

OUTPUT_ONLY = "output only: what a client sends there is not read"
NOT_READ = "the server takes its own snapshot of the works"


@dataclass(frozen=True)
class Request:
    """A request that succeeds as it stands. ``lenient``: fields in which odd texts do no harm, and why."""

    name: str
    method: str
    person: str
    make: Make
    lenient: dict[str, str] = field(default_factory=dict)

    def takes_anything(self, path: str) -> bool:
        """Whether a field is one that is not read."""
        return any(path == known or path.startswith(known + ".") for known in self.lenient)


REQUESTS: list[Request] = []

_NUMBERS = itertools.count(20)
"""Login names and guarantors' codes are each taken once in the register; 11 to 14 are the world's own."""


def _request(method: str, person: str, name: str = "", **lenient: str) -> Callable[[Make], Make]:
    def note(make: Make) -> Make:
        paths = {path.replace("__", "."): why for path, why in lenient.items()}
        REQUESTS.append(Request(name or method.partition("/")[2], method, person, make, paths))
        return make

    return note


def _terms(world: World) -> Any:
    return data.works_terms(world.today, low_bid=True, multi_year=True)


def _application(world: World, play: Play, works_id: str) -> Any:
    """Every field at once: a draft may be what no submission could be."""
    return play.application(
        works_id,
        data.PREPAYMENT,
        works=_terms(world),
        prepayment_planned=True,
        fiscal_year=world.today.year,
        planned_work_value_yen=20_000_000,
        joint_venture=data.joint_venture(6000, 4000),
    )


@_request("WorksService/CreateWorks", "contractor")
async def _create_works(world: World, play: Play) -> Message:
    return works.CreateWorksRequest(request_id=fresh(), works=_terms(world))


@_request("WorksService/UpdateWorks", "contractor")
async def _update_works(world: World, play: Play) -> Message:
    request = works.CreateWorksRequest(request_id=fresh(), works=_terms(world))
    made = (await play.contractor.works.CreateWorks(request)).works
    return works.UpdateWorksRequest(
        request_id=fresh(), works_id=made.works_id, etag=made.etag, works=_terms(world)
    )


@_request("ContractService/CreateContract", "contractor", application__works=NOT_READ)
async def _create_contract(world: World, play: Play) -> Message:
    wanted = _application(world, play, await play.works())
    return contracts.CreateContractRequest(request_id=fresh(), application=wanted)


@_request("ContractService/UpdateContract", "contractor", application__works=NOT_READ)
async def _update_contract(world: World, play: Play) -> Message:
    draft = await play.draft()
    wanted = _application(world, play, draft.application.works_id)
    return contracts.UpdateContractRequest(
        request_id=fresh(), contract_id=draft.contract_id, etag=draft.etag, application=wanted
    )


@_request("ContractService/DeleteDraft", "contractor")
async def _delete_draft(world: World, play: Play) -> Message:
    draft = await play.draft()
    return contracts.DeleteDraftRequest(request_id=fresh(), contract_id=draft.contract_id, etag=draft.etag)


@_request("ContractService/SubmitContract", "contractor")
async def _submit(world: World, play: Play) -> Message:
    draft = await play.draft()
    return contracts.SubmitContractRequest(request_id=fresh(), contract_id=draft.contract_id, etag=draft.etag)


@_request("ContractService/WithdrawContract", "contractor")
async def _withdraw(world: World, play: Play) -> Message:
    found = await play.submitted()
    return contracts.WithdrawContractRequest(
        request_id=fresh(), contract_id=found.contract_id, etag=found.etag
    )


def _remarks() -> list[contract_pb2.Remark]:
    return [contract_pb2.Remark(field="application.works.name", text="工事名を確認してください。")]


@_request("ContractService/ReportError", "contractor")
async def _report_error(world: World, play: Play) -> Message:
    found = await play.accepted()
    return contracts.ReportErrorRequest(
        request_id=fresh(), contract_id=found.contract_id, etag=found.etag, remarks=_remarks()
    )


@_request("ContractService/AcceptContract", "underwriter")
async def _accept(world: World, play: Play) -> Message:
    """The terms must be those of one product; each form's fields are filled by one of the two."""
    terms, changes = data.multi_year(world.today)
    works_id = await play.works(terms)
    venture = data.joint_venture(6000, 4000)
    found = await play.submit(await play.draft(data.PREPAYMENT, works_id, joint_venture=venture, **changes))
    return underwriting.AcceptContractRequest(
        request_id=fresh(), contract_id=found.contract_id, etag=found.etag, terms=found.application, fee_yen=1
    )


@_request("ContractService/ApproveContract", "approver")
async def _approve(world: World, play: Play) -> Message:
    found = await play.pending()
    return underwriting.ApproveContractRequest(
        request_id=fresh(), contract_id=found.contract_id, etag=found.etag
    )


@_request("ContractService/ReturnContract", "underwriter")
async def _return(world: World, play: Play) -> Message:
    found = await play.submitted()
    return underwriting.ReturnContractRequest(
        request_id=fresh(), contract_id=found.contract_id, etag=found.etag, remarks=_remarks()
    )


@_request("ContractService/RefuseContract", "underwriter")
async def _refuse(world: World, play: Play) -> Message:
    found = await play.submitted()
    return underwriting.RefuseContractRequest(
        request_id=fresh(), contract_id=found.contract_id, etag=found.etag, refusal="引受けの対象外です。"
    )


@_request("ContractService/RecordFee", "underwriter")
async def _record_fee(world: World, play: Play) -> Message:
    found = await play.accepted()
    return underwriting.RecordFeeRequest(
        request_id=fresh(),
        contract_id=found.contract_id,
        etag=found.etag,
        kind=contract_pb2.FEE_ENTRY_KIND_PAYMENT,
        amount_yen=1,
        day=play.day,
        note="振込",
    )


@_request("ContractService/RecordPaperIssue", "underwriter")
async def _paper_issue(world: World, play: Play) -> Message:
    found = await play.paid(form=data.PAPER)
    return underwriting.RecordPaperIssueRequest(
        request_id=fresh(),
        contract_id=found.contract_id,
        etag=found.etag,
        day=play.day,
        certificate_reference="証第７号",
    )


@_request("CertificateService/IssueCertificate", "underwriter")
async def _issue(world: World, play: Play) -> Message:
    found = await play.paid()
    return certificates.IssueCertificateRequest(
        request_id=fresh(), contract_id=found.contract_id, etag=found.etag
    )


@_request("KeyService/RecordHandIn", "contractor")
async def _hand_in(world: World, play: Play) -> Message:
    found = (await play.issued()).contract
    return key_service_pb2.RecordHandInRequest(
        request_id=fresh(),
        contract_id=found.contract_id,
        etag=found.etag,
        version=1,
        channel=hand_in_pb2.HAND_IN_CHANNEL_MAIL,
        hand_in_time=_now(world),
        note="契約課へ",
    )


@_request("ContractService/RecordReceiptSent", "underwriter")
async def _receipt_sent(world: World, play: Play) -> Message:
    found = await play.paid()
    return fees.RecordReceiptSentRequest(
        request_id=fresh(),
        contract_id=found.contract_id,
        etag=found.etag,
        day=play.day,
        officer="中村 一郎",
        note="簡易書留",
    )


@_request("ContractService/RecordMonthlyPayment", "underwriter")
async def _monthly_payment(world: World, play: Play) -> Message:
    """Of a company of its own, since other tests count what the others have."""
    if "lump_contractor" not in world.people:
        await world.organize("lump_company", name="まとめ建設㈱", monthly_payer=True, **COMPANY)
        await world.admit("lump_contractor", "lump_company", user_pb2.ROLE_CONTRACTOR)
    found = await Play(world, contractor="lump_contractor").accepted()
    return fees.RecordMonthlyPaymentRequest(
        request_id=fresh(), organization_id=found.organization_id, amount_yen=1, day=play.day, note="振込"
    )


@_request("ContractService/RecordAdvanceRequest", "contractor")
async def _advance_request(world: World, play: Play) -> Message:
    """Of works that were signed after the acceptance, so that the day is asked for."""
    works_id = await play.works(contract_date=None, initial_contract_date=None)
    found = (await play.issued(data.PREPAYMENT, works_id=works_id)).contract
    return fees.RecordAdvanceRequestRequest(
        request_id=fresh(),
        contract_id=found.contract_id,
        etag=found.etag,
        day=play.day,
        contract_date=play.day,
        note="契約課の窓口",
    )


@_request("ContractService/WithdrawAdvanceRequest", "contractor")
async def _withdraw_advance_request(world: World, play: Play) -> Message:
    found = await play.request_advance((await play.issued(data.PREPAYMENT)).contract)
    return fees.WithdrawAdvanceRequestRequest(
        request_id=fresh(), contract_id=found.contract_id, etag=found.etag, withdrawal="返却されたため"
    )


@_request("DirectoryService/SetTariff", "other_approver")
async def _set_tariff(world: World, play: Play) -> Message:
    """Far ahead and each one later, so that no fee of today is told by it."""
    valid_from = world.today + timedelta(days=366 + next(_NUMBERS))
    tariff = (await world.other_approver.directory.GetTariff(directory_fees.GetTariffRequest())).tariff
    return directory_fees.SetTariffRequest(
        request_id=fresh(), etag=tariff.etag, table=data.tariff_table(valid_from)
    )


@_request("DirectoryService/SetMonthlyPayer", "approver")
async def _monthly_payer(world: World, play: Play) -> Message:
    """What holds anyway: that this contractor pays its fees one by one."""
    found = await play.submitted()
    return directory_fees.SetMonthlyPayerRequest(
        request_id=fresh(), organization_id=found.organization_id, active=False, due_day=31, note="従来どおり"
    )


def _now(world: World) -> Timestamp:
    now = Timestamp()
    now.FromDatetime(world.running.clock.now())
    return now


@_request("KeyService/HandInByMail", "contractor")
async def _by_mail(world: World, play: Play) -> Message:
    found = (await play.mailable()).contract
    to = "douro@city.hinokawa.example.jp"
    return key_service_pb2.HandInByMailRequest(
        request_id=fresh(),
        contract_id=found.contract_id,
        etag=found.etag,
        version=1,
        to=to,
        confirmation=(await play.mail(found, to)).confirmation,
    )


@_request("KeyService/RecordPhoneConfirmation", "contractor")
async def _phone(world: World, play: Play) -> Message:
    found = await play.hand_in((await play.issued()).contract)
    return key_service_pb2.RecordPhoneConfirmationRequest(
        request_id=fresh(),
        contract_id=found.contract_id,
        etag=found.etag,
        version=1,
        officer="契約課　大野",
        call_time=_now(world),
        note="届いているとのこと",
    )


@_request("KeyService/ReissueKey", "underwriter")
async def _reissue(world: World, play: Play) -> Message:
    found = await play.hand_in((await play.issued()).contract)
    return key_service_pb2.ReissueKeyRequest(
        request_id=fresh(),
        contract_id=found.contract_id,
        etag=found.etag,
        reason=hand_in_pb2.KEY_REISSUE_REASON_LEAKED,
        note="誤って別の課に送られた",
    )


@_request("KeyService/RecordOrdererTold", "underwriter")
async def _orderer_told(world: World, play: Play) -> Message:
    found = await play.reissue(await play.hand_in((await play.issued()).contract), lost=True)
    return key_service_pb2.RecordOrdererToldRequest(
        request_id=fresh(),
        contract_id=found.contract_id,
        etag=found.etag,
        officer="契約課　大野",
        tell_time=_now(world),
        note="電話",
    )


async def _newest_notice(world: World, play: Play) -> str:
    await play.accepted()
    page = await world.people["contractor"].notices.ListNotices(notices.ListNoticesRequest(page_size=1))
    found: str = page.notices[0].notice_id
    return found


@_request("NoticeService/MarkRead", "contractor", up_to_notice_id="stands in place of the others")
async def _mark_read(world: World, play: Play) -> Message:
    return notices.MarkReadRequest(request_id=fresh(), notice_ids=[await _newest_notice(world, play)])


@_request("NoticeService/MarkRead", "contractor", "MarkAllRead")
async def _mark_all_read(world: World, play: Play) -> Message:
    return notices.MarkReadRequest(request_id=fresh(), up_to_notice_id=await _newest_notice(world, play))


_PREFERENCES = {f"preferences__{name}": OUTPUT_ONLY for name in ("mail", "mail_off", "etag")}


@_request("NoticeService/SetPreferences", "contractor", **_PREFERENCES)
async def _set_preferences(world: World, play: Play) -> Message:
    found = await world.people["contractor"].notices.GetPreferences(notices.GetPreferencesRequest())
    choices = [notice_pb2.NoticeChoice(kind=notice_pb2.NOTICE_KIND_OPENED, mail=True)]
    wanted = notice_pb2.NoticePreferences(language="en", choices=choices)
    return notices.SetPreferencesRequest(request_id=fresh(), etag=found.preferences.etag, preferences=wanted)


def _organization() -> organization_pb2.Organization:
    values: dict[str, Any] = {
        "kind": organization_pb2.ORGANIZATION_KIND_GUARANTOR,
        "name": "みなと建設業保証株式会社",
        "kana": "みなとけんせつぎょうほしょう",
        "address": "大阪府大阪市架空町１",
        "representative": "取締役社長　髙﨑 一",
        "corporate_number": "7000012050002",
        "telephone": "06-0000-0000",
        "guarantor_kind": organization_pb2.GUARANTOR_KIND_GUARANTEE_COMPANY,
        "guarantor_code": next(_NUMBERS),
        "branches": BRANCHES,
        "approval_from_yen": 1,
        "terms_reference_performance": "契約保証約款",
        "terms_reference_prepayment": "前払金保証約款",
    }
    return organization_pb2.Organization(**values)


_ORGANIZATION = {"organization__etag": OUTPUT_ONLY, "organization__organization_id": OUTPUT_ONLY}


@_request("DirectoryService/CreateOrganization", "operator", **_ORGANIZATION)
async def _create_organization(world: World, play: Play) -> Message:
    return directory.CreateOrganizationRequest(request_id=fresh(), organization=_organization())


@_request("DirectoryService/UpdateOrganization", "operator", organization__etag=OUTPUT_ONLY)
async def _update_organization(world: World, play: Play) -> Message:
    request = directory.CreateOrganizationRequest(request_id=fresh(), organization=_organization())
    made = (await world.operator.directory.CreateOrganization(request)).organization
    return directory.UpdateOrganizationRequest(request_id=fresh(), etag=made.etag, organization=made)


_USER = {"user__etag": OUTPUT_ONLY, "user__user_id": OUTPUT_ONLY}


def _user(world: World) -> user_pb2.User:
    return user_pb2.User(
        organization_id=world.organizations["company"],
        login_name=f"spoilt-{next(_NUMBERS)}",
        name="葛\U000e0100城 花子",
        title="経理部長",
        mail="hanako@example.jp",
        roles=[user_pb2.ROLE_CONTRACTOR],
    )


@_request("DirectoryService/CreateUser", "operator", **_USER)
async def _create_user(world: World, play: Play) -> Message:
    return directory.CreateUserRequest(request_id=fresh(), user=_user(world), initial_password=FIRST_PASSWORD)


@_request(
    "DirectoryService/UpdateUser",
    "operator",
    **_USER,
    user__organization_id="can't change",
    user__login_name="",
)
async def _update_user(world: World, play: Play) -> Message:
    request = directory.CreateUserRequest(
        request_id=fresh(), user=_user(world), initial_password=FIRST_PASSWORD
    )
    made = (await world.operator.directory.CreateUser(request)).user
    return directory.UpdateUserRequest(
        request_id=fresh(), user_id=made.user_id, etag=made.etag, user=made, new_password=FIRST_PASSWORD
    )


@_request("DirectoryService/AddSshKey", "contractor")
async def _add_ssh_key(world: World, play: Play) -> Message:
    return directory.AddSshKeyRequest(
        request_id=fresh(), public_key=made_up_key(f"spoilt-{next(_NUMBERS)}"), name="会社の PC"
    )


@_request("DirectoryService/RemoveSshKey", "other_contractor")
async def _remove_ssh_key(world: World, play: Play) -> Message:
    request = directory.AddSshKeyRequest(
        request_id=fresh(), public_key=made_up_key(f"spoilt-{next(_NUMBERS)}")
    )
    made = (await world.other_contractor.directory.AddSshKey(request)).ssh_key
    return directory.RemoveSshKeyRequest(request_id=fresh(), ssh_key_id=made.ssh_key_id)


@_request("DirectoryService/UpdateOrderer", "operator")
async def _update_orderer(world: World, play: Play) -> Message:
    import_ = directory.ImportOrderersRequest(
        request_id=fresh(), policy_file=policy_file(EVERY_KEY | {"id": "spoilt", "name": "試し市"})
    )
    await world.operator.directory.ImportOrderers(import_)
    found = (
        await world.operator.directory.GetOrderer(directory.GetOrdererRequest(orderer_id="spoilt"))
    ).orderer
    return directory.UpdateOrdererRequest(
        request_id=fresh(), orderer_id="spoilt", etag=found.etag, policy=found.policies[-1].policy
    )


@_request("DirectoryService/ImportOrderers", "operator")
async def _import(world: World, play: Play) -> Message:
    return directory.ImportOrderersRequest(
        request_id=fresh(), policy_file=policy_file({"id": f"spoilt-{next(_NUMBERS)}", "name": "試し町"})
    )


def by_name() -> list[ParameterSet]:
    """The requests as parameters of tests."""
    return [pytest.param(request, id=request.name) for request in REQUESTS]
