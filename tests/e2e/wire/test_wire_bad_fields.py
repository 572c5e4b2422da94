"""Every field of every request that changes something, spoilt in every way: refused, named, and nothing is written."""

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest
import pytest_asyncio
from google.protobuf.message import Message
from google.type.date_pb2 import Date
from grpc import StatusCode

from tests.e2e.wire.requests import REQUESTS, Request, by_name
from tests.support.fields import Leaf, leaves, with_bytes, with_value
from tests.support.people import World
from tests.support.play import Play
from tests.support.refusals import Refusal, refusal
from tests.transport.protos import services

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("wire-bad-fields")]

_MADE: dict[str, Message] = {}


@dataclasses.dataclass
class Spoiling:
    """A request that would succeed, and what becomes of it once a field is spoilt."""

    world: World
    request: Request
    message: Message

    def leaves(self) -> Iterator[Leaf]:
        """The fields that are read."""
        yield from (leaf for leaf in leaves(self.message) if not self.request.takes_anything(leaf.path))

    async def told(self, data: bytes) -> Refusal | None:
        """The refusal, or nothing where the request was taken."""
        person = self.world.people[self.request.person]
        call = person._calling.unary_unary("/tashika.v1." + self.request.method)(data)
        if await call.code() is StatusCode.OK:
            return None
        return await refusal(call)

    async def faults(self, leaf: Leaf, value: Any, *reasons: str) -> list[str]:
        """What is wrong with the answer to a value; nothing is as it should be."""
        shown = f"{leaf.path}={str(value)[:30]!r}"
        told = await self.told(with_value(self.message, leaf, value).SerializeToString())
        if told is None:
            return [f"{shown}: taken"]
        if told.reason not in reasons:
            return [f"{shown}: {told.reason} {told.violations}"]
        # A policy file's faults have paths of their own, within the file.
        unnamed = told.reason in ("ETAG_MISMATCH", "NOT_FOUND") or leaf.path == "policy_file"
        if not unnamed and not any(_covers(field, leaf.path) for field in told.fields):
            return [f"{shown}: {told.reason} names {told.fields}"]
        return []


def _covers(named: str, path: str) -> bool:
    return bool(named) and (path == named or path.startswith((f"{named}.", f"{named}[")))


@pytest_asyncio.fixture(params=by_name(), loop_scope="session")
async def spoiling(request: pytest.FixtureRequest, world: World, play: Play) -> Spoiling:
    """One request after the other; each is made once."""
    wanted: Request = request.param
    if wanted.name not in _MADE:
        _MADE[wanted.name] = await wanted.make(world, play)
    return Spoiling(world, wanted, _MADE[wanted.name])


OVER_LONG = (
    *("FIELD_TOO_LONG", "FIELD_FORMAT", "REQUEST_ID_FORMAT", "PASSWORD_UNSUITABLE", "POLICY_INVALID"),
    "SSH_KEY_UNSUITABLE",
)
ODD = ("FIELD_CHARACTER", "FIELD_FORMAT", "CHOICE_UNKNOWN", "REQUEST_ID_FORMAT", "PASSWORD_UNSUITABLE")
ODD_ELSEWHERE = ("ETAG_MISMATCH", "POLICY_INVALID", "SSH_KEY_UNSUITABLE")


async def _none(spoiling: Spoiling, faults: list[str], before: int) -> None:
    assert not faults
    assert await spoiling.world.running.revision() == before


async def test_a_text_that_is_over_long_is_refused(spoiling: Spoiling) -> None:
    before, faults = await spoiling.world.running.revision(), []
    for leaf in spoiling.leaves():
        if leaf.is_text:
            faults += await spoiling.faults(leaf, "あ" * 302_000, *OVER_LONG)
            if "policy_file" not in leaf.path:
                faults += await spoiling.faults(leaf, "a" * 2_001, *OVER_LONG)
    await _none(spoiling, faults, before)


@pytest.mark.parametrize(
    "odd", ["工\u0000事", "工\u0007事", "工\u202e事", "工\ue000事", "\ufeff工事", "工\u2028事", "工\ufffe事"]
)
async def test_control_and_invisible_characters_are_refused(spoiling: Spoiling, odd: str) -> None:
    before, faults = await spoiling.world.running.revision(), []
    for leaf in spoiling.leaves():
        if leaf.is_text and not _is_password(leaf):
            faults += await spoiling.faults(leaf, odd, *ODD, *ODD_ELSEWHERE)
    await _none(spoiling, faults, before)


def _is_password(leaf: Leaf) -> bool:
    return "password" in leaf.path


@pytest.mark.parametrize("three", [b"\xed\xa0\x80", b"\xed\xbf\xbf", b"\xff\xfe\xfd", b"\xe3\x81a"])
async def test_lone_surrogates_and_bytes_that_are_not_utf_8_are_refused(
    spoiling: Spoiling, three: bytes
) -> None:
    before = await spoiling.world.running.revision()
    for leaf in leaves(spoiling.message):
        if leaf.is_text:
            told = await spoiling.told(with_bytes(spoiling.message, leaf, three))
            assert told is not None, leaf.path
            assert (told.code, told.reason) == (StatusCode.INVALID_ARGUMENT, "MALFORMED_REQUEST"), leaf.path
    assert await spoiling.world.running.revision() == before


_NEGATIVE = ("AMOUNT_NOT_POSITIVE", "DATE_OUT_OF_RANGE", "POLICY_INVALID", "FIELD_NOT_ALLOWED", "NOT_ISSUED")
_HUGE = ("AMOUNT_TOO_LARGE", "DATE_OUT_OF_RANGE", "POLICY_INVALID", "NOT_ISSUED")


async def test_negative_and_huge_numbers_are_refused(spoiling: Spoiling) -> None:
    before, faults = await spoiling.world.running.revision(), []
    for leaf in spoiling.leaves():
        if leaf.is_number:
            bits = 63 if leaf.field.cpp_type == leaf.field.CPPTYPE_INT64 else 31
            for value in (-1, -(2**bits)):
                faults += await spoiling.faults(leaf, value, *_NEGATIVE)
            faults += await spoiling.faults(leaf, 2**bits - 1, *_HUGE)
    await _none(spoiling, faults, before)


async def test_choices_that_do_not_exist_are_refused(spoiling: Spoiling) -> None:
    before, faults = await spoiling.world.running.revision(), []
    for leaf in spoiling.leaves():
        if leaf.is_choice:
            for value in (99, -1):
                faults += await spoiling.faults(leaf, value, "CHOICE_UNKNOWN")
    await _none(spoiling, faults, before)


IMPOSSIBLE = [
    Date(year=2026, month=2, day=30),
    Date(year=2025, month=2, day=29),
    Date(year=2026, month=13, day=1),
    Date(year=2026, month=4, day=31),
    Date(year=2026, month=4),
    Date(month=4, day=1),
    Date(year=-1, month=4, day=1),
    Date(year=10_000, month=4, day=1),
    Date(),
]
FAR = [Date(year=25, month=4, day=1), Date(year=1988, month=12, day=31), Date(year=2201, month=1, day=1)]


async def test_days_that_are_not_in_the_calendar_are_refused(spoiling: Spoiling) -> None:
    before, faults = await spoiling.world.running.revision(), []
    for leaf in spoiling.leaves():
        if leaf.is_date:
            for day in IMPOSSIBLE:
                faults += await spoiling.faults(leaf, day, "DATE_IMPOSSIBLE")
            for day in FAR:
                faults += await spoiling.faults(leaf, day, "DATE_OUT_OF_RANGE", "POLICY_INVALID")
    await _none(spoiling, faults, before)


REQUIRED = {
    "request_id", "contract_id", "works_id", "user_id", "orderer_id", "policy_file", "initial_password", "refusal",
    "certificate_reference", "day", "amount_yen", "kind", "fee_yen", "remarks[0].text", "organization.name",
    "organization.kind", "organization.address", "organization.representative", "organization.guarantor_kind",
    "organization.guarantor_code", "organization.branches[0].name", "organization.terms_reference_performance",
    "organization.terms_reference_prepayment", "user.login_name", "user.name", "user.roles[0]",
    "user.organization_id",
}  # fmt: skip


async def test_a_field_that_is_needed_is_missed_by_its_name(spoiling: Spoiling) -> None:
    before, faults = await spoiling.world.running.revision(), []
    for leaf in spoiling.leaves():
        if leaf.path in REQUIRED:
            wanted = {"request_id": "REQUEST_ID_FORMAT", "amount_yen": "AMOUNT_NOT_POSITIVE"}
            missing = (
                wanted.get(leaf.path, "FIELD_REQUIRED"),
                "NOT_FOUND" if "organization_id" in leaf.path else "",
            )
            faults += await spoiling.faults(leaf, None, *missing)
    await _none(spoiling, faults, before)


WIDE = {
    "telephone": "０４－７０００－００００",
    "corporate_number": "７００００１２０５０００２",
    "account_number": "１２３４５６７",
    "mail": "ｈａｎａｋｏ＠ｅｘａｍｐｌｅ．ｊｐ",
    "notice_mail": "ｈａｎａｋｏ＠ｅｘａｍｐｌｅ．ｊｐ",
    "login_name": "ｓｐｏｉｌｔ",
    "kind": "ＣＯＮＳＴＲＵＣＴＩＯＮ",
    "orderer_id": "ｋａｓｈｉｗａ",
    "works_kind": "ＣＯＮＳＴＲＵＣＴＩＯＮ",
    "request_id": "１２３ｅ４５６７－ｅ８９ｂ－１２ｄ３－ａ４５６－４２６６１４１７４０００",
}


async def test_codes_and_numbers_in_full_width_are_refused(spoiling: Spoiling) -> None:
    before, faults = await spoiling.world.running.revision(), []
    for leaf in spoiling.leaves():
        name = leaf.steps[-1][0]
        if leaf.is_text and name in WIDE:
            faults += await spoiling.faults(
                leaf, WIDE[name], "FIELD_FORMAT", "CHOICE_UNKNOWN", "REQUEST_ID_FORMAT"
            )
    await _none(spoiling, faults, before)


async def test_white_space_at_the_edge_of_a_text_is_refused(spoiling: Spoiling) -> None:
    before, faults = await spoiling.world.running.revision(), []
    reasons = (*ODD, "ETAG_MISMATCH", "SSH_KEY_UNSUITABLE")

    for leaf in spoiling.leaves():
        if leaf.is_text and not _is_password(leaf) and leaf.path != "policy_file":
            for text in (" ", "　", "工事　"):
                faults += await spoiling.faults(leaf, text, *reasons, "POLICY_INVALID", "FIELD_REQUIRED")
    await _none(spoiling, faults, before)


async def test_a_stale_etag_is_refused(spoiling: Spoiling) -> None:
    before, faults = await spoiling.world.running.revision(), []
    for leaf in spoiling.leaves():
        if leaf.path == "etag":
            for etag in ("1-1", "1-ffffffffffffffff", "2-1", "W/abc", "１－１"):
                faults += await spoiling.faults(leaf, etag, "ETAG_MISMATCH")
    await _none(spoiling, faults, before)


async def test_the_request_itself_is_taken_so_that_only_the_spoilt_field_was_at_fault(
    spoiling: Spoiling,
) -> None:
    assert await spoiling.told(spoiling.message.SerializeToString()) is None


async def test_no_request_that_changes_something_is_forgotten() -> None:
    names = {
        f"{service.name}/{method.name}"
        for service in services()
        for method in service.methods
        if "request_id" in method.input_type.fields_by_name
    }
    assert {request.method for request in REQUESTS} == names - {"SessionService/DeleteSession"}
