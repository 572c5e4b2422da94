"""Reasons that come from the orderer's policy."""

from datetime import timedelta

from grpc import StatusCode

from tashika.v1 import directory_service_pb2 as directory
from tests.e2e.wire.provoking.scene import Scene, raises
from tests.support import data
from tests.support.client import fresh
from tests.support.refusals import Refusal, refusal

BLOCKED = StatusCode.FAILED_PRECONDITION
INVALID = StatusCode.INVALID_ARGUMENT
EVERY_KEY = {"orderer_id": "hinokawa"}


@raises("ELECTRONIC_NOT_ACCEPTED", BLOCKED)
async def not_accepted(scene: Scene) -> Refusal:
    return await scene.performance({"orderer_id": "paper-only"})


@raises("ELECTRONIC_PRODUCT_NOT_ACCEPTED", BLOCKED)
async def product_not_accepted(scene: Scene) -> Refusal:
    return await scene.performance({"orderer_id": "advance-only"})


@raises("ELECTRONIC_WORKS_KIND_NOT_ACCEPTED", BLOCKED)
async def kind_not_accepted(scene: Scene) -> Refusal:
    return await scene.performance({"orderer_id": "construction-only", "kind": "CONSULTING"})


@raises("ELECTRONIC_GUARANTOR_KIND_NOT_ACCEPTED", BLOCKED)
async def guarantor_kind_not_accepted(scene: Scene) -> Refusal:
    return await scene.performance({"orderer_id": "insurers-only"})


@raises("ELECTRONIC_NOT_YET_ACCEPTED", BLOCKED)
async def not_yet_accepted(scene: Scene) -> Refusal:
    return await scene.performance({"orderer_id": "not-yet"})


@raises("ELECTRONIC_BASIS_DATE_UNKNOWN", BLOCKED)
async def basis_date_unknown(scene: Scene) -> Refusal:
    return await scene.performance(EVERY_KEY | {"notice_date": None})


@raises("PREPAYMENT_NOT_OFFERED", BLOCKED)
async def not_offered(scene: Scene) -> Refusal:
    return await scene.prepayment({"orderer_id": "no-advance"})


@raises("PREPAYMENT_PRICE_BELOW_THRESHOLD", BLOCKED)
async def below_threshold(scene: Scene) -> Refusal:
    return await scene.prepayment(EVERY_KEY | {"price_yen": 1_999_999}, amount_yen=700_000)


@raises("PREPAYMENT_PERIOD_TOO_SHORT", BLOCKED)
async def period_too_short(scene: Scene) -> Refusal:
    return await scene.prepayment(
        EVERY_KEY | {"period_end": data.day(scene.world.today + timedelta(days=28))}
    )


@raises("PREPAYMENT_ABOVE_MAXIMUM", BLOCKED)
async def above_maximum(scene: Scene) -> Refusal:
    return await scene.prepayment(EVERY_KEY, amount_yen=22_100_000)


@raises("PREPAYMENT_NOT_ROUNDED", BLOCKED)
async def not_rounded(scene: Scene) -> Refusal:
    return await scene.prepayment(EVERY_KEY, amount_yen=21_950_000)


@raises("PERFORMANCE_BELOW_MINIMUM", BLOCKED)
async def below_minimum(scene: Scene) -> Refusal:
    return await scene.performance({}, amount_yen=data.PRICE_YEN // 10 - 1)


@raises("PERFORMANCE_ABOVE_PRICE", BLOCKED)
async def above_price(scene: Scene) -> Refusal:
    return await scene.performance({}, amount_yen=data.PRICE_YEN + 1)


@raises("PERFORMANCE_WITHOUT_PREPAYMENT", BLOCKED)
async def without_prepayment(scene: Scene) -> Refusal:
    return await scene.performance({}, prepayment_planned=None)


@raises("PRODUCT_NOT_OFFERED", BLOCKED)
async def product_not_offered(scene: Scene) -> Refusal:
    return await scene.submission(data.MIDTERM, {}, form=data.PAPER)


@raises("POLICY_INVALID", INVALID)
async def policy_invalid(scene: Scene) -> Refusal:
    request = directory.ImportOrderersRequest(
        request_id=fresh(), policy_file='{"schema": "tashika-orderers/1"}'
    )
    return await refusal(scene.person("operator").directory.ImportOrderers(request))


@raises("POLICY_NOT_VALID_YET", BLOCKED)
async def not_valid_yet(scene: Scene) -> Refusal:
    return await scene.performance({"orderer_id": "valid-later"})
