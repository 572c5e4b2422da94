"""Entities as text and back."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tashika_server.domain.model import Contract, Organization, SealedKey, User
from tashika_server.domain.policy import Orderer
from tashika_server.storage.codec import Codec, micros, moment
from tashika_server.storage.errors import CodecError
from tests.storage.world import contract, organization, sealed_key

MOMENTS = st.integers(0, 2**52).map(moment)
st.register_type_strategy(datetime, MOMENTS)


@pytest.mark.parametrize("cls", [Contract, Organization, SealedKey, User, Orderer])
def test_everything_comes_back_as_it_was(cls: type) -> None:
    codec: Codec[object] = Codec(cls)

    @settings(max_examples=40)
    @given(st.from_type(cls))
    def comes_back(entity: object) -> None:
        text = codec.encode(entity)
        assert codec.decode(text) == entity
        assert codec.encode(codec.decode(text)) == text

    comes_back()


def test_a_text_has_sorted_names_no_spaces_and_no_defaults() -> None:
    codec = Codec(Organization, frozenset({"revision"}))
    assert codec.encode(organization()) == (
        '{"$":1,"kana":"タカサキドボク","kind":"CONTRACTOR","name":"株式会社髙﨑土木",'
        '"organization_id":"org_contractor"}'
    )


def test_names_keep_their_code_points() -> None:
    name = "𠮷田 葛󠄁男 ㈱①\0\u2028"
    codec = Codec(Organization)
    assert codec.decode(codec.encode(organization(name=name))).name == name


def test_what_is_kept_apart_is_given_when_reading() -> None:
    codec = Codec(Contract, frozenset({"revision"}))
    assert codec.decode(codec.encode(contract()), revision=7).revision == 7


def test_half_a_surrogate_is_refused() -> None:
    with pytest.raises(ValueError, match="surrogate"):
        Codec(Organization).encode(organization(name="\ud842"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        "{",
        "{}",
        '{"$":2,"kind":"CONTRACTOR","name":"x","organization_id":"y"}',
        '{"$":1,"kind":"CONTRACTOR","name":"x"}',
        '{"$":1,"kind":"KING","name":"x","organization_id":"y"}',
        '{"$":1,"kind":"CONTRACTOR","name":"x","organization_id":"y","crown":1}',
        '{"$":1,"kind":"CONTRACTOR","name":"x","organization_id":"y","branches":[{"color":1}]}',
    ],
)
def test_damage_and_other_versions_are_told(text: str) -> None:
    with pytest.raises(CodecError):
        Codec(Organization).decode(text)


def test_bytes_that_are_not_base64_are_told() -> None:
    codec = Codec(SealedKey)
    with pytest.raises(CodecError):
        codec.decode(codec.encode(sealed_key()).replace('"nonce":"', '"nonce":"~'))


def test_moments_are_exact_to_the_microsecond_and_need_a_zone() -> None:
    exact = datetime(2026, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
    assert moment(micros(exact)) == exact
    tokyo = timezone(timedelta(hours=9))
    assert micros(datetime(1970, 1, 1, 9, 0, 0, 1, tzinfo=tokyo)) == 1
    with pytest.raises(ValueError, match="zone"):
        micros(datetime(2026, 1, 1))  # noqa: DTZ001


def test_a_class_that_can_not_be_told_apart_from_its_default_is_refused() -> None:
    from dataclasses import make_dataclass

    broken = make_dataclass("Broken", [("day", date | None, date(2026, 1, 1))], frozen=True)
    with pytest.raises(TypeError, match="default"):
        Codec(broken)
