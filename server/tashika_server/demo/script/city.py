"""Keys and their handing in, and the city, which opens certificates with number and key, without an account."""

import os

from tashika.v1 import certificate_service_pb2 as certificates
from tashika.v1 import key_service_pb2 as keys
from tashika.v1.certificate_pb2 import Certificate
from tashika.v1.hand_in_pb2 import HandInChannel
from tashika_formats.key import format_key, make_key
from tashika_formats.statement import parse_envelope
from tashika_server.demo.script.applying import WORKS_NAME
from tashika_server.demo.script.desk import fresh_id, hold
from tashika_server.demo.script.failure import Refusal
from tashika_server.demo.script.stage import Guarantee, Stage

_KEY_BYTES = 12


async def read_keys(stage: Stage) -> None:
    """The contractor reads both keys; they differ."""
    desk = stage.contractor
    for guarantee in stage.guarantees:
        request = keys.GetKeyRequest(contract_id=guarantee.contract.contract_id)
        answer = await desk.ask(desk.keys.GetKey, request)
        hold(
            answer.contract_number == guarantee.number,
            "別の契約のキーです。",
            "The key is another contract's.",
        )
        hold(format_key(answer.key) == answer.key, "キーの形が違います。", "The key has another form.")
        guarantee.key = answer.key
    different = stage.performance.key != stage.prepayment.key
    hold(different, "2 つの保証のキーが同じです。", "Both guarantees have one key.")


async def download_documents(stage: Stage) -> None:
    """The contractor downloads key notices and certificates."""
    desk = stage.contractor
    for guarantee in stage.guarantees:
        contract_id = guarantee.contract.contract_id
        notice = await desk.download(
            desk.keys.DownloadKeyNotice, keys.DownloadKeyNoticeRequest(contract_id=contract_id)
        )
        guarantee.certificate = await desk.download(
            desk.certificates.DownloadCertificate,
            certificates.DownloadCertificateRequest(contract_id=contract_id),
        )
        stage.out.write(guarantee.notice_file, notice)
        stage.out.write(guarantee.certificate_file, guarantee.certificate)


async def hand_in(stage: Stage) -> str:
    """The contractor records that it handed number and key in; the register tells the lead time."""
    desk = stage.contractor
    for guarantee in stage.guarantees:
        request = keys.RecordHandInRequest(
            request_id=fresh_id(),
            contract_id=guarantee.contract.contract_id,
            etag=guarantee.contract.etag,
            version=1,
            channel=HandInChannel.HAND_IN_CHANNEL_MAIL,
            note="実演",
        )
        guarantee.contract = (await desk.ask(desk.keys.RecordHandIn, request)).contract
        told = guarantee.contract.HasField("lead_time_seconds")
        hold(told, "所要時間が示されません。", "The register tells no lead time.")
    return ", ".join(f"{guarantee.contract.lead_time_seconds} 秒" for guarantee in stage.guarantees)


async def open_as_city(stage: Stage) -> None:
    """The city opens both, sees what was agreed, and gets the same file as the contractor."""
    desk = stage.anyone
    for guarantee in stage.guarantees:
        opened = await desk.ask(desk.certificates.OpenCertificate, _pair(guarantee.number, guarantee.key))
        _hold_statement(guarantee, opened.certificate)
        request = certificates.DownloadCertificateRequest(viewing_token=opened.viewing_token)
        data = await desk.download(desk.certificates.DownloadCertificate, request)
        same = data == guarantee.certificate
        hold(same, "発注者と受注者の証書が異なります。", "City and contractor get different files.")


async def refuse_other_keys(stage: Stage) -> None:
    """Key A with number B is refused in the same words as a random key, byte for byte."""
    crossed = await _refused(stage, stage.prepayment.number, stage.performance.key)
    strange = await _refused(stage, stage.prepayment.number, format_key(make_key(os.urandom(_KEY_BYTES))))
    same = (crossed.code, crossed.message, crossed.raw) == (strange.code, strange.message, strange.raw)
    hold(same, "拒否の応答から違いが分かります。", "The refusals differ.")


async def see_openings(stage: Stage) -> str:
    """The contractor sees every opening and every attempt."""
    desk = stage.contractor
    seen = []
    for guarantee in stage.guarantees:
        request = keys.ListOpeningsRequest(contract_id=guarantee.contract.contract_id)
        openings = (await desk.ask(desk.keys.ListOpenings, request)).openings
        right = sum(opening.success for opening in openings)
        seen.append((right, len(openings) - right))
    hold(seen == [(1, 0), (1, 2)], "閲覧の記録が合いません。", "The record of openings is not what happened.")
    return "閲覧 2, 失敗 2"


def _hold_statement(guarantee: Guarantee, certificate: Certificate) -> None:
    """What the city reads is what was signed, and what was agreed."""
    statement = parse_envelope(certificate.envelope)
    read = (statement["contract_number"], statement["product"], statement["guaranteed_amount_yen"])
    agreed = (guarantee.number, guarantee.product, guarantee.contract.terms.amount_yen)
    hold(read == agreed, "証書の内容が契約と異なります。", "The certificate is not what was agreed.")
    name = statement["works"]["name"]
    hold(name == WORKS_NAME, "工事名の文字が変わっています。", "The name of the works came back changed.")


async def _refused(stage: Stage, number: str, key: str) -> Refusal:
    desk = stage.anyone
    return await desk.expect_refusal(
        desk.certificates.OpenCertificate, _pair(number, key), "WRONG_NUMBER_OR_KEY"
    )


def _pair(number: str, key: str) -> certificates.OpenCertificateRequest:
    return certificates.OpenCertificateRequest(contract_number=number, key=key)
