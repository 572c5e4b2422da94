"""Reasons about one field, and about identity and order of changes."""

from datetime import timedelta
from typing import Any

from grpc import StatusCode

from tashika.v1 import contract_pb2, organization_pb2, user_pb2, works_pb2
from tashika.v1 import contract_service_pb2 as contracts
from tashika.v1 import contract_underwriting_pb2 as underwriting
from tashika.v1 import directory_service_pb2 as directory
from tashika.v1 import works_service_pb2 as works
from tests.e2e.wire.provoking.scene import Scene, raises
from tests.support import data
from tests.support.client import fresh
from tests.support.people import FIRST_PASSWORD
from tests.support.refusals import Refusal, refusal

INVALID = StatusCode.INVALID_ARGUMENT


async def _works(scene: Scene, **changes: Any) -> Refusal:
    request = works.CreateWorksRequest(
        request_id=fresh(), works=data.works_terms(scene.world.today, **changes)
    )
    return await refusal(scene.person("contractor").works.CreateWorks(request))


async def _draft(scene: Scene, **changes: Any) -> Refusal:
    play = scene.play
    wanted = play.application(await play.works(), data.PERFORMANCE, **changes)
    request = contracts.CreateContractRequest(request_id=fresh(), application=wanted)
    return await refusal(scene.person("contractor").contracts.CreateContract(request))


@raises("FIELD_REQUIRED", INVALID)
async def required(scene: Scene) -> Refusal:
    nameless = organization_pb2.Organization(kind=organization_pb2.ORGANIZATION_KIND_OPERATOR)
    request = directory.CreateOrganizationRequest(request_id=fresh(), organization=nameless)
    return await refusal(scene.person("operator").directory.CreateOrganization(request))


@raises("FIELD_TOO_LONG", INVALID)
async def too_long(scene: Scene) -> Refusal:
    return await _works(scene, name="工" * 201)


@raises("FIELD_CHARACTER", INVALID)
async def character(scene: Scene) -> Refusal:
    return await _works(scene, name="道路\u0007工事")


@raises("FIELD_FORMAT", INVALID)
async def form(scene: Scene) -> Refusal:
    return await _draft(scene, notice_mail="宛先なし")


@raises("FIELD_NOT_ALLOWED", INVALID)
async def not_allowed(scene: Scene) -> Refusal:
    return await scene.performance({}, depositary=data.depositary())


@raises("CHOICE_UNKNOWN", INVALID)
async def choice(scene: Scene) -> Refusal:
    return await scene.performance({}, branch="火星支店")


@raises("AMOUNT_NOT_POSITIVE", INVALID)
async def not_positive(scene: Scene) -> Refusal:
    return await _works(scene, price_yen=-1)


@raises("AMOUNT_TOO_LARGE", INVALID)
async def amount_too_large(scene: Scene) -> Refusal:
    return await _works(scene, price_yen=10_000_000_000_001)


@raises("DATE_IMPOSSIBLE", INVALID)
async def impossible(scene: Scene) -> Refusal:
    day = data.day(scene.world.today)
    day.month, day.day = 2, 30
    return await _works(scene, contract_date=day)


@raises("DATE_OUT_OF_RANGE", INVALID)
async def out_of_range(scene: Scene) -> Refusal:
    day = data.day(scene.world.today)
    day.year = 25
    return await _works(scene, notice_date=day)


@raises("DATE_IN_FUTURE", INVALID)
async def in_future(scene: Scene) -> Refusal:
    request = underwriting.RecordFeeRequest(
        request_id=fresh(),
        contract_id=(await scene.play.accepted()).contract_id,
        kind=contract_pb2.FEE_ENTRY_KIND_PAYMENT,
        amount_yen=1,
        day=data.day(scene.world.today + timedelta(days=1)),
    )
    return await refusal(scene.person("underwriter").contracts.RecordFee(request))


@raises("PERIOD_REVERSED", INVALID)
async def reversed_period(scene: Scene) -> Refusal:
    return await _works(scene, period_end=data.day(scene.world.today - timedelta(days=1)))


@raises("TOO_MANY_ITEMS", INVALID)
async def too_many(scene: Scene) -> Refusal:
    venture = data.joint_venture(5000, 5000)
    venture.members.extend([venture.members[0]] * 19)
    return await _draft(scene, joint_venture=venture)


@raises("RATIO_SUM", INVALID)
async def ratio_sum(scene: Scene) -> Refusal:
    return await scene.performance({}, joint_venture=data.joint_venture(3333, 3333, 3333))


@raises("GLYPH_MISSING", INVALID)
async def glyph_missing(scene: Scene) -> Refusal:
    works_id = await scene.play.works(name="道路改良工事\U00013000工区")
    return await scene.issue(await scene.play.paid(works_id=works_id))


@raises("REQUEST_ID_FORMAT", INVALID)
async def request_id(scene: Scene) -> Refusal:
    request = works.CreateWorksRequest(request_id="1", works=works_pb2.WorksTerms(name="工事"))
    return await refusal(scene.person("contractor").works.CreateWorks(request))


@raises("PAGE_TOKEN_INVALID", INVALID)
async def page_token(scene: Scene) -> Refusal:
    request = works.ListWorksRequest(page_token="bm90IGEgdG9rZW4")
    return await refusal(scene.person("contractor").works.ListWorks(request))


@raises("NOT_FOUND", StatusCode.NOT_FOUND)
async def not_found(scene: Scene) -> Refusal:
    request = contracts.GetContractRequest(contract_id="con_" + "0" * 26)
    return await refusal(scene.person("contractor").contracts.GetContract(request))


@raises("ALREADY_EXISTS", StatusCode.ALREADY_EXISTS)
async def already_exists(scene: Scene) -> Refusal:
    user = user_pb2.User(
        organization_id=scene.world.organizations["company"],
        login_name="contractor@example.jp",
        name="髙﨑 一",
        roles=[user_pb2.ROLE_CONTRACTOR],
    )
    request = directory.CreateUserRequest(request_id=fresh(), user=user, initial_password=FIRST_PASSWORD)
    return await refusal(scene.person("operator").directory.CreateUser(request))


@raises("ETAG_MISMATCH", StatusCode.ABORTED)
async def etag_mismatch(scene: Scene) -> Refusal:
    contract = await scene.play.draft()
    await scene.play.attach(contract, data.pdf())
    request = contracts.SubmitContractRequest(
        request_id=fresh(), contract_id=contract.contract_id, etag=contract.etag
    )
    return await refusal(scene.person("contractor").contracts.SubmitContract(request))


@raises("REQUEST_ID_REUSED", INVALID)
async def reused(scene: Scene) -> Refusal:
    person = scene.person("contractor")
    request = works.CreateWorksRequest(request_id=fresh(), works=works_pb2.WorksTerms(name="一号工事"))
    await person.works.CreateWorks(request)
    request.works.name = "二号工事"
    return await refusal(person.works.CreateWorks(request))


@raises("WRONG_STATE", StatusCode.FAILED_PRECONDITION)
async def wrong_state(scene: Scene) -> Refusal:
    return await scene.submit(await scene.play.withdrawn())
