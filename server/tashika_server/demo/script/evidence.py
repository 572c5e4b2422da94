"""The last steps: certificates are verified by the register and without it, and what was made is written down."""

import asyncio
import hashlib
from datetime import UTC, datetime

from tashika.v1 import certificate_service_pb2 as certificates
from tashika.v1.certificate_pb2 import CertificateStanding
from tashika_formats.trust_folder import (
    LOG_KEY_FILE,
    RECORDS_FOLDER,
    ROOTS_FOLDER,
    TrustFolder,
    bundle_file_name,
)
from tashika_formats.verify_certificate import CURRENT
from tashika_formats.verify_errors import NotAuthenticError
from tashika_server.demo.script.desk import hold
from tashika_server.demo.script.out_folder import TRUST
from tashika_server.demo.script.stage import Guarantee, Stage

_VERSION = 1


async def ask_register(stage: Stage) -> None:
    """The register confirms each file by its digest, and gives what proves it without the register."""
    desk = stage.anyone
    for guarantee in stage.guarantees:
        digest = hashlib.sha256(guarantee.certificate).hexdigest()
        same = digest == guarantee.sha256
        hold(
            same, "証書のハッシュが発行時と異なります。", "The file's digest is not the one that was issued."
        )
        request = certificates.VerifyCertificateRequest(pdf_sha256=digest)
        answer = await desk.ask(desk.certificates.VerifyCertificate, request)
        current = answer.standing == CertificateStanding.CERTIFICATE_STANDING_CURRENT
        mine = current and answer.contract_number == guarantee.number
        hold(mine, "登録簿が証書を確認しません。", "The register does not confirm the certificate.")
        guarantee.bundle = answer.bundle


async def write_trust(stage: Stage) -> str:
    """The folder that a verifier trusts: authorities, the register's key, and the records.

    Here all of it comes from the server itself. A city gets authorities and key once, by another way.
    """
    info = stage.info
    hold(bool(info.root_certificates), "認証局の証明書がありません。", "The server names no authorities.")
    for place, root in enumerate(info.root_certificates, start=1):
        stage.out.write(f"{TRUST}/{ROOTS_FOLDER}/root-{place}.pem", root.encode("ascii"))
    stage.out.write(f"{TRUST}/{LOG_KEY_FILE}", f"{info.log_verifier_key}\n".encode())
    for guarantee in stage.guarantees:
        name = bundle_file_name(guarantee.number, _VERSION)
        stage.out.write(f"{TRUST}/{RECORDS_FOLDER}/{name}", guarantee.bundle)
    return str(stage.out.trust)


async def verify_offline(stage: Stage) -> None:
    """Each certificate is authentic by the folder alone, and with one changed byte it is not."""
    for guarantee in stage.guarantees:
        await asyncio.to_thread(_verify, stage, guarantee)


async def write_summary(stage: Stage) -> str:
    """Leave demo.json."""
    rows = [
        {
            "contract_number": guarantee.number,
            "product": guarantee.product,
            "key": guarantee.key,
            "certificate_pdf": guarantee.certificate_file,
            "key_notice_pdf": guarantee.notice_file,
            "sha256": guarantee.sha256,
            "lead_time_seconds": guarantee.contract.lead_time_seconds,
        }
        for guarantee in stage.guarantees
    ]
    stage.out.write_summary({"guarantees": rows})
    return str(stage.out.path)


def _verify(stage: Stage, guarantee: Guarantee) -> None:
    from tashika_formats.verify_pdf import verify_pdf

    trust = TrustFolder.load(stage.out.trust)
    now = datetime.now(UTC)
    data = (stage.out.path / guarantee.certificate_file).read_bytes()
    verified = verify_pdf(data, trust.roots, trust.log_key, trust.find, now)
    mine = (verified.standing, verified.contract_number) == (CURRENT, guarantee.number)
    hold(mine, "オフラインの検証が合いません。", "The offline verification gives something else.")
    hold(verified.demo, "見本の署名と判定されません。", "The signature is not called one of a demonstration.")
    middle = len(data) // 2
    changed = data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]
    try:
        verify_pdf(changed, trust.roots, trust.log_key, trust.find, now)
    except NotAuthenticError:
        return
    hold(False, "書き換えた証書が真正とされました。", "A changed certificate was called authentic.")
