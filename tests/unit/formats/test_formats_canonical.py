from typing import Any

import pytest

from tashika_formats.canonical import CanonicalError, canonical_bytes, parse_canonical, parse_json


def test_names_are_sorted_and_nothing_is_spaced() -> None:
    assert (
        canonical_bytes({"b": [1, True], "a": {"d": "x", "c": -1}}) == b'{"a":{"c":-1,"d":"x"},"b":[1,true]}'
    )


def test_strings_keep_their_code_points() -> None:
    assert canonical_bytes("髙か\u3099\u007f\u2028") == '"髙か\u3099\u007f\u2028"'.encode()


def test_controls_have_their_shortest_escape() -> None:
    assert canonical_bytes('\b\t\n\f\r\x00\x1f"\\/') == rb'"\b\t\n\f\r\u0000\u001f\"\\/"'


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (1.0, "JSON_TYPE"),
        (None, "JSON_TYPE"),
        ((1,), "JSON_TYPE"),
        (b"a", "JSON_TYPE"),
        (2**53, "JSON_NUMBER"),
        (-(2**53), "JSON_NUMBER"),
        ("\ud800", "JSON_SURROGATE"),
        ({"é": 1}, "JSON_NAME"),
        ({1: 1}, "JSON_NAME"),
        ([{"a": [float("nan")]}], "JSON_TYPE"),
    ],
)
def test_what_has_no_canonical_form_is_refused(value: Any, code: str) -> None:
    with pytest.raises(CanonicalError) as caught:
        canonical_bytes(value)
    assert caught.value.code == code


def test_the_error_names_the_place_but_no_hostile_name() -> None:
    with pytest.raises(CanonicalError) as caught:
        canonical_bytes({"works": [{"name": "\ud800"}]})
    assert caught.value.path == "$.works[0].name"
    with pytest.raises(CanonicalError) as caught:
        parse_json(b'{"\\u001b[31m":null}')
    assert caught.value.path == "$.?"


def test_a_loop_ends() -> None:
    loop: list[Any] = []
    loop.append(loop)
    with pytest.raises(CanonicalError) as caught:
        canonical_bytes(loop)
    assert caught.value.code == "JSON_TOO_DEEP"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'{"a":1,"a":1}', "JSON_DUPLICATE_NAME"),
        (b'{"a":1 }', "JSON_NOT_CANONICAL"),
        (b"\xef\xbb\xbf{}", "JSON_SYNTAX"),
        (b'"\\ud800"', "JSON_SURROGATE"),
        (b"\xff", "JSON_SYNTAX"),
        (b"1E400", "JSON_NUMBER"),
        (b"-0", "JSON_NOT_CANONICAL"),
        (b"9" * 100_000, "JSON_NUMBER"),
        (b"[" * 100_000 + b"]" * 100_000, "JSON_TOO_DEEP"),
        ('{"a":1}'.encode("utf-16"), "JSON_SYNTAX"),
    ],
)
def test_bytes_that_are_not_exactly_canonical_are_refused(data: bytes, code: str) -> None:
    with pytest.raises(CanonicalError) as caught:
        parse_canonical(data)
    assert caught.value.code == code


def test_size_is_limited_before_anything_is_read() -> None:
    with pytest.raises(CanonicalError) as caught:
        parse_canonical(b'"aaaa"', max_bytes=5)
    assert caught.value.code == "JSON_TOO_LARGE"


def test_a_file_may_be_indented_but_holds_the_same_types() -> None:
    assert parse_json(b'{ "b": 1,\n "a": [] }') == {"a": [], "b": 1}
    with pytest.raises(CanonicalError):
        parse_json(b'{"a":1,"a":2}')
