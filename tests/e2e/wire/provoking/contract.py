"""Reasons about the guarantee contract, its key and its files."""

import hashlib
from datetime import timedelta
from typing import Any

from google.type.date_pb2 import Date
from grpc import StatusCode

from tashika.v1 import certificate_service_pb2 as certificates
from tashika.v1 import contract_attaching_pb2 as attaching
from tashika.v1 import contract_underwriting_pb2 as underwriting
from tashika.v1 import hand_in_pb2, key_service_pb2
from tashika_formats.key import make_key
from tashika_formats.number import make_number
from tests.e2e.wire.provoking.scene import Scene, raises
from tests.support import data
from tests.support.client import fresh
from tests.support.people import make_world
from tests.support.play import Play, upload
from tests.support.refusals import Refusal, refusal
from tests.support.server import running_server

BLOCKED = StatusCode.FAILED_PRECONDITION
INVALID = StatusCode.INVALID_ARGUMENT
NUMBER, KEY = make_number(11, 2019, 77), make_key(bytes(12))


@raises("GUARANTEE_EXISTS", BLOCKED)
async def guarantee_exists(scene: Scene) -> Refusal:
    works_id = await scene.play.works()
    await scene.play.submitted(works_id=works_id)
    return await scene.submit(await scene.play.draft(works_id=works_id))


@raises("GUARANTEE_PERIOD_TOO_SHORT", BLOCKED)
async def period_too_short(scene: Scene) -> Refusal:
    return await scene.performance({}, period_end=data.day(scene.world.today + timedelta(days=119)))


async def _multi_year(scene: Scene, later: int) -> Refusal:
    terms, changes = data.multi_year(scene.world.today)
    year = changes["fiscal_year"] = changes["fiscal_year"] + later
    if later > 0:
        changes["period_start"] = Date(year=year, month=4, day=1)
        changes["period_end"] = Date(year=year + 1, month=3, day=31)
    works_id = await scene.play.works(terms)
    return await scene.submit(await scene.play.draft(data.PREPAYMENT, works_id, **changes))


@raises("FISCAL_YEAR_NOT_BEGUN", BLOCKED)
async def year_not_begun(scene: Scene) -> Refusal:
    return await _multi_year(scene, 1)


@raises("FISCAL_YEAR_OUTSIDE_WORKS", BLOCKED)
async def year_outside_works(scene: Scene) -> Refusal:
    return await _multi_year(scene, -1)


@raises("PERIOD_BEYOND_FISCAL_YEAR", BLOCKED)
async def beyond_fiscal_year(scene: Scene) -> Refusal:
    terms, changes = data.multi_year(scene.world.today)
    changes["period_end"] = terms.period_end
    works_id = await scene.play.works(terms)
    return await scene.submit(await scene.play.draft(data.PREPAYMENT, works_id, **changes))


@raises("FORM_MIXED", BLOCKED)
async def form_mixed(scene: Scene) -> Refusal:
    return await scene.issue(await scene.play.paid(form=data.PAPER))


@raises("TERMS_CHANGED_TOO_FAR", BLOCKED)
async def terms_changed(scene: Scene) -> Refusal:
    contract = await scene.play.submitted()
    terms = contract.application
    terms.form = data.PAPER
    request = underwriting.AcceptContractRequest(
        request_id=fresh(), contract_id=contract.contract_id, terms=terms, fee_yen=1
    )
    return await refusal(scene.person("underwriter").contracts.AcceptContract(request))


@raises("APPROVAL_BY_SAME_PERSON", BLOCKED)
async def same_person(scene: Scene) -> Refusal:
    play = scene.play
    play.underwriter = play.approver = scene.person("deputy")
    return await refusal(play.approve(await play.pending()))


@raises("FEE_NOT_RECEIVED", BLOCKED)
async def fee_not_received(scene: Scene) -> Refusal:
    return await scene.issue(await scene.play.accepted())


@raises("PAYMENT_LAPSED", BLOCKED)
async def payment_lapsed(scene: Scene) -> Refusal:
    async with running_server(scene.folder) as running:
        world = await make_world(running)
        contract = await Play(world).accepted()
        running.clock.move(timedelta(days=15))
        world.people["underwriter"] = await world.sign_in("underwriter@example.jp")
        return await Scene(world, scene.language, scene.folder).issue(contract)


@raises("SIGNER_MISSING", BLOCKED)
async def signer_missing(scene: Scene) -> Refusal:
    play = Play(scene.world, guarantor="unsigned_guarantor")
    return await scene.issue(await play.paid(), "unsigned_underwriter")


async def _open(scene: Scene, number: str, key: str) -> Refusal:
    request = certificates.OpenCertificateRequest(contract_number=number, key=key)
    return await refusal(scene.anonymous.certificates.OpenCertificate(request))


@raises("NUMBER_TYPING_ERROR", INVALID)
async def number_typing_error(scene: Scene) -> Refusal:
    return await _open(scene, NUMBER[:-1], KEY)


@raises("KEY_TYPING_ERROR", INVALID)
async def key_typing_error(scene: Scene) -> Refusal:
    return await _open(scene, NUMBER, KEY[:-1])


@raises("WRONG_NUMBER_OR_KEY", StatusCode.PERMISSION_DENIED)
async def wrong_pair(scene: Scene) -> Refusal:
    return await _open(scene, NUMBER, KEY)


@raises("VIEWING_TOKEN_INVALID", StatusCode.UNAUTHENTICATED)
async def viewing_token_invalid(scene: Scene) -> Refusal:
    opened = await scene.play.issued()
    token = (await scene.play.open(opened.number, opened.key)).viewing_token
    request = certificates.DownloadCertificateRequest(viewing_token=token[:-2] + "AA")
    return await refusal(scene.anonymous.certificates.DownloadCertificate(request))


async def _get_key(scene: Scene, contract_id: str) -> Refusal:
    request = key_service_pb2.GetKeyRequest(contract_id=contract_id)
    return await refusal(scene.person("contractor").keys.GetKey(request))


@raises("NOT_ISSUED", BLOCKED)
async def not_issued(scene: Scene) -> Refusal:
    return await _get_key(scene, (await scene.play.paid()).contract_id)


@raises("NO_KEY_FOR_PAPER", BLOCKED)
async def no_key_for_paper(scene: Scene) -> Refusal:
    return await _get_key(scene, (await scene.play.issued_on_paper()).contract_id)


def _key_request(contract_id: str) -> dict[str, Any]:
    return {"request_id": fresh(), "contract_id": contract_id}


@raises("REISSUE_BY_GUARANTOR", BLOCKED)
async def reissue_by_guarantor(scene: Scene) -> Refusal:
    handed = await scene.play.hand_in((await scene.play.issued()).contract)
    request = key_service_pb2.ReissueKeyRequest(**_key_request(handed.contract_id))
    return await refusal(scene.person("contractor").keys.ReissueKey(request))


@raises("REISSUE_BY_CONTRACTOR", BLOCKED)
async def reissue_by_contractor(scene: Scene) -> Refusal:
    issued = (await scene.play.issued()).contract
    request = key_service_pb2.ReissueKeyRequest(
        **_key_request(issued.contract_id), reason=hand_in_pb2.KEY_REISSUE_REASON_LOST
    )
    return await refusal(scene.person("approver").keys.ReissueKey(request))


@raises("NOT_HANDED_IN", BLOCKED)
async def not_handed_in(scene: Scene) -> Refusal:
    issued = (await scene.play.issued()).contract
    request = key_service_pb2.RecordPhoneConfirmationRequest(
        **_key_request(issued.contract_id), officer="契約課　大野"
    )
    return await refusal(scene.person("contractor").keys.RecordPhoneConfirmation(request))


@raises("KEY_NOT_REISSUED", BLOCKED)
async def key_not_reissued(scene: Scene) -> Refusal:
    issued = (await scene.play.issued()).contract
    request = key_service_pb2.RecordOrdererToldRequest(
        **_key_request(issued.contract_id), officer="契約課　大野"
    )
    return await refusal(scene.person("underwriter").keys.RecordOrdererTold(request))


@raises("HAND_IN_NOT_BY_MAIL", BLOCKED)
async def hand_in_not_by_mail(scene: Scene) -> Refusal:
    return await _mail_refusal(scene, (await scene.play.issued()).contract.contract_id)


@raises("MAIL_NOT_AVAILABLE", BLOCKED, own_server=True)
async def mail_not_available(scene: Scene) -> Refusal:
    return await _mail_refusal(scene, (await scene.play.mailable()).contract.contract_id)


@raises("MAIL_CHANGED", StatusCode.ABORTED)
async def mail_changed(scene: Scene) -> Refusal:
    play = scene.play
    contract = (await play.mailable()).contract
    shown = await play.mail(contract)
    return await _mail_refusal(
        scene, contract.contract_id, to="douro@city.hinokawa.example.jp", confirmation=shown.confirmation
    )


async def _mail_refusal(scene: Scene, contract_id: str, **changes: Any) -> Refusal:
    request = key_service_pb2.HandInByMailRequest(**_key_request(contract_id), **changes)
    return await refusal(scene.person("contractor").keys.HandInByMail(request))


async def _attach(scene: Scene, content: bytes, sent: bytes | None = None) -> Refusal:
    header = attaching.AttachDocumentHeader(
        request_id=fresh(),
        contract_id=(await scene.play.draft()).contract_id,
        name="契約書.pdf",
        sha256=hashlib.sha256(content).hexdigest(),
    )
    stream = upload(header, content if sent is None else sent)
    return await refusal(scene.person("contractor").contracts.AttachDocument(stream))


@raises("ATTACHMENT_NOT_PDF", INVALID)
async def not_pdf(scene: Scene) -> Refusal:
    return await _attach(scene, b"PK\x03\x04 a spreadsheet")


@raises("ATTACHMENT_TOO_LARGE", INVALID)
async def attachment_too_large(scene: Scene) -> Refusal:
    return await _attach(scene, data.pdf() + bytes(20 * 1024 * 1024))


@raises("ATTACHMENT_INCOMPLETE", INVALID)
async def incomplete(scene: Scene) -> Refusal:
    return await _attach(scene, data.pdf(), data.pdf()[:-20])
