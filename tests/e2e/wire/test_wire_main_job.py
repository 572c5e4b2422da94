"""The main job over the wire: two guarantees of one works contract, two keys, handed in and opened apart."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

import pytest
import pytest_asyncio

from tashika.v1 import certificate_pb2, contract_pb2, hand_in_pb2, key_service_pb2
from tashika.v1 import certificate_service_pb2 as certificates
from tashika.v1 import contract_service_pb2 as contracts
from tashika_formats.key import make_key
from tashika_formats.number import make_number
from tashika_formats.statement import parse_envelope
from tashika_server.application.ports import Change, Done, Ids, UnitOfWork
from tests.support import data
from tests.support.client import fresh
from tests.support.people import World
from tests.support.play import Opened, Play
from tests.support.refusals import Refusal, refusal, refused

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("wire-main-job")]

RANDOM_KEY = make_key(bytes(range(12)))


@dataclass(frozen=True)
class Pair:
    """Both guarantees of one works contract."""

    performance: Opened
    prepayment: Opened


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def pair(play: Play) -> Pair:
    """Contract guarantee and prepayment guarantee of the same works, issued."""
    works_id = await play.works()
    return Pair(
        await play.issued(data.PERFORMANCE, works_id=works_id),
        await play.issued(data.PREPAYMENT, works_id=works_id),
    )


async def _wrong(play: Play, number: str, key: str) -> Refusal:
    return await refusal(play.open(number, key))


async def test_both_guarantees_of_one_works_contract_have_numbers_and_keys_of_their_own(pair: Pair) -> None:
    first, second = pair.performance, pair.prepayment
    assert first.contract.application.works_id == second.contract.application.works_id
    assert first.number != second.number
    assert first.key != second.key


@pytest.mark.parametrize("name", ["performance", "prepayment"])
async def test_number_and_key_open_the_certificate_with_the_names_exactly(
    play: Play, pair: Pair, name: str
) -> None:
    opened: Opened = getattr(pair, name)
    found = await play.open(opened.number, opened.key)
    assert found.contract_state == contract_pb2.CONTRACT_STATE_IN_FORCE
    assert found.certificate.contract_number == opened.number
    statement = parse_envelope(found.certificate.envelope)
    assert data.RARE_NAMES in statement["works"]["name"]
    assert statement["works"]["name"] == opened.contract.application.works.name
    assert statement["obligee"]["addressee"] == "柏市長"
    assert [version.version for version in found.versions] == [1]


async def test_the_number_and_the_key_open_in_full_width_and_lower_case(play: Play, pair: Pair) -> None:
    opened = pair.performance
    wide = str.maketrans("0123456789-", "０１２３４５６７８９－")
    found = await play.open(opened.number.translate(wide), opened.key.lower())
    assert found.certificate.contract_number == opened.number


async def test_a_key_of_the_other_guarantee_is_refused_byte_for_byte_like_a_random_one(
    play: Play, pair: Pair
) -> None:
    other = await _wrong(play, pair.prepayment.number, pair.performance.key)
    chance = await _wrong(play, pair.prepayment.number, RANDOM_KEY)
    unknown = await _wrong(play, make_number(11, 2019, 77), RANDOM_KEY)
    assert other.reason == "WRONG_NUMBER_OR_KEY"
    assert other == chance == unknown


async def test_a_revoked_key_is_refused_byte_for_byte_like_a_random_one(world: World, play: Play) -> None:
    opened = await play.issued()
    token = (await play.open(opened.number, opened.key)).viewing_token

    def revoke(uow: UnitOfWork, now: datetime, ids: Ids) -> Done[None]:
        sealed = uow.keys.current(opened.contract.contract_id)
        assert sealed is not None
        uow.keys.save(replace(sealed, revoked_time=now), Change("key.revoke", "test"))
        return Done(None)

    await world.running.register.kit.store.run(revoke)
    revoked = await _wrong(play, opened.number, opened.key)
    assert revoked == await _wrong(play, opened.number, RANDOM_KEY)
    with refused("VIEWING_TOKEN_INVALID"):
        request = certificates.DownloadCertificateRequest(viewing_token=token)
        async for _ in world.anonymous.certificates.DownloadCertificate(request):
            pass


async def test_the_viewing_token_gives_the_file_that_the_register_vouches_for(
    world: World, play: Play, pair: Pair
) -> None:
    found = await play.open(pair.prepayment.number, pair.prepayment.key)
    request = certificates.DownloadCertificateRequest(viewing_token=found.viewing_token)
    parts = [part async for part in world.anonymous.certificates.DownloadCertificate(request)]
    header, content = parts[0].header, b"".join(part.chunk for part in parts[1:])
    assert header.media_type == "application/pdf"
    assert header.size_bytes == len(content)
    assert header.sha256 == found.certificate.pdf_sha256 == hashlib.sha256(content).hexdigest()
    verify = certificates.VerifyCertificateRequest(pdf_sha256=header.sha256)
    answer = await world.anonymous.certificates.VerifyCertificate(verify)
    assert answer.standing == certificate_pb2.CERTIFICATE_STANDING_CURRENT
    assert answer.contract_number == pair.prepayment.number


async def test_handing_in_is_a_fact_of_its_own_and_ends_the_lead_time(
    world: World, play: Play, pair: Pair
) -> None:
    contract_id = pair.performance.contract.contract_id
    before = await world.contractor.contracts.GetContract(
        contracts.GetContractRequest(contract_id=contract_id)
    )
    assert not before.contract.HasField("lead_time_seconds")
    assert not [fact for fact in before.contract.facts if fact.kind == hand_in_pb2.FACT_KIND_HANDED_IN]
    request = key_service_pb2.RecordHandInRequest(
        request_id=fresh(), contract_id=contract_id, channel=hand_in_pb2.HAND_IN_CHANNEL_MAIL, note="契約課へ"
    )
    handed = (await world.contractor.keys.RecordHandIn(request)).contract
    assert [fact.kind for fact in handed.facts] == [hand_in_pb2.FACT_KIND_HANDED_IN]
    assert handed.HasField("lead_time_seconds")


async def test_contractor_and_guarantor_see_every_attempt_to_open(world: World, play: Play) -> None:
    opened = await play.issued()
    await play.open(opened.number, opened.key)
    await _wrong(play, opened.number, RANDOM_KEY)
    request = key_service_pb2.ListOpeningsRequest(contract_id=opened.contract.contract_id)
    for person in (world.contractor, world.underwriter):
        found = await person.keys.ListOpenings(request)
        assert [opening.success for opening in found.openings] == [False, True]


async def test_the_key_notice_is_a_pdf_for_the_contractor_alone(world: World, pair: Pair) -> None:
    request = key_service_pb2.DownloadKeyNoticeRequest(contract_id=pair.performance.contract.contract_id)
    parts = [part async for part in world.contractor.keys.DownloadKeyNotice(request)]
    content = b"".join(part.chunk for part in parts[1:])
    assert content.startswith(b"%PDF-")
    assert parts[0].header.sha256 == hashlib.sha256(content).hexdigest()
    with refused("PERMISSION_DENIED"):
        async for _ in world.underwriter.keys.DownloadKeyNotice(request):
            pass


async def test_paper_goes_beside_the_electronic_form_of_the_same_works_and_has_no_key(play: Play) -> None:
    works_id = await play.works()
    electronic = await play.issued(data.PREPAYMENT, works_id=works_id)
    paper = await play.paid(data.PERFORMANCE, works_id=works_id, form=data.PAPER)
    with refused("FORM_MIXED"):
        await play.issue(paper)
    assert electronic.contract.application.works_id == paper.application.works_id
