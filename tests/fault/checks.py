"""What must hold of a register whose server was killed, seen through its own commands and calls."""

import hashlib
from dataclasses import dataclass

import grpc
import grpc.aio
import pytest

from tashika.v1 import certificate_service_pb2 as certificates
from tashika.v1 import contract_pb2
from tashika.v1 import contract_service_pb2 as contracts
from tashika.v1 import key_service_pb2 as keys
from tests.bench.world import World
from tests.fault.clients import issue_once, side_by_side
from tests.fault.journal import Entry, Journal, answer_of
from tests.fault.site import Serving, Site
from tests.support.client import Client


@dataclass
class Tally:
    """How the issues that had no answer stood: done all the same, or not done at all."""

    done: int = 0
    undone: int = 0


async def check_sound(site: Site) -> None:
    """`tashika-server fsck` finds nothing wrong."""
    checked = await site.fsck()
    assert checked.code == 0, checked.out + checked.err
    assert checked.out.endswith("異常なし / sound\n")


async def check_nothing_lost(serving: Serving, world: World, journal: Journal) -> Tally:
    """Every acknowledged certificate is there as it was, no half one is, and each request_id answers as before.

    Issues that had no answer get one by this, and it is noted.
    """
    tally = Tally()
    async with serving.client(world.guarantor_token) as desk, serving.client(world.contractor_token) as owner:

        async def replayed(entry: Entry) -> None:
            before = entry.answer or await _found(desk, owner, entry, tally)
            response = await issue_once(desk, entry)
            again = answer_of(response)
            if entry.answer is not None:
                assert again == entry.answer
            elif isinstance(before, str):
                assert again.certificate_id == before
            journal.answers(entry, response)

        async def opened(entry: Entry) -> None:
            await _check_whole(owner, entry, journal)

        await side_by_side(journal, replayed)
        await side_by_side(journal, opened)
    return tally


async def _found(desk: Client, owner: Client, entry: Entry, tally: Tally) -> str | None:
    """Look at an issue without an answer before it is sent again: the certificate's id, or None. Never a half."""
    found = await desk.contracts.GetContract(contracts.GetContractRequest(contract_id=entry.contract_id))
    asked = certificates.GetCertificateRequest(contract_id=entry.contract_id)
    key_asked = keys.GetKeyRequest(contract_id=entry.contract_id)
    if found.contract.state == contract_pb2.CONTRACT_STATE_ACCEPTED:
        tally.undone += 1
        for absent in (owner.certificates.GetCertificate(asked), owner.keys.GetKey(key_asked)):
            with pytest.raises(grpc.aio.AioRpcError) as refused:
                await absent
            assert refused.value.code() is grpc.StatusCode.FAILED_PRECONDITION or (
                refused.value.code() is grpc.StatusCode.NOT_FOUND
            )
        return None
    assert found.contract.state == contract_pb2.CONTRACT_STATE_IN_FORCE
    tally.done += 1
    await owner.keys.GetKey(key_asked)
    whole = await owner.certificates.GetCertificate(asked)
    return str(whole.certificate.certificate_id)


async def _check_whole(owner: Client, entry: Entry, journal: Journal) -> None:
    """The file is what was signed, the key is what it was, and number and key open this certificate."""
    assert entry.answer is not None
    shown = await owner.keys.GetKey(keys.GetKeyRequest(contract_id=entry.contract_id))
    assert entry.key in ("", shown.key)
    journal.sees_key(entry, shown.key)
    asked = certificates.DownloadCertificateRequest(
        contract_id=entry.contract_id, version=entry.answer.version
    )
    parts = [part async for part in owner.certificates.DownloadCertificate(asked)]
    pdf = b"".join(part.chunk for part in parts)
    assert hashlib.sha256(pdf).hexdigest() == entry.answer.pdf_sha256
    pair = certificates.OpenCertificateRequest(contract_number=entry.answer.contract_number, key=shown.key)
    opened = await owner.certificates.OpenCertificate(pair)
    assert opened.certificate.certificate_id == entry.answer.certificate_id
    assert opened.certificate.pdf_sha256 == entry.answer.pdf_sha256
