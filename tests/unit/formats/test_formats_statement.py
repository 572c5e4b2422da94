import json
from typing import Any

import pytest

from tashika_formats.canonical import canonical_bytes
from tashika_formats.statement import (
    MAX_STATEMENT_BYTES,
    StatementError,
    build_envelope,
    parse_envelope,
    signing_input,
    statement_digest,
    validate_statement,
)
from tests.unit.formats.issued import statement
from tests.vectors.samples import STATEMENTS, changed


@pytest.mark.parametrize("value", STATEMENTS)
def test_a_statement_survives_its_envelope(value: dict[str, Any]) -> None:
    assert parse_envelope(build_envelope(value)) == value


def test_the_signing_input_is_labelled() -> None:
    assert signing_input(b"{}") == b"tashika-statement/1\x00{}"


def test_the_digest_is_over_the_envelope() -> None:
    assert statement_digest(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def paths(value: Any, path: str = "") -> list[str]:
    """Every dotted path of an object."""
    if not isinstance(value, dict):
        return []
    return [found for name in value for found in (f"{path}{name}", *paths(value[name], f"{path}{name}."))]


@pytest.mark.parametrize("path", paths(STATEMENTS[0]))
@pytest.mark.parametrize("item", [None, 1.5, [], {}, "", "\x00", "\ud800", -1, 10**30, False])
def test_every_field_refuses_what_it_is_not(path: str, item: Any) -> None:
    if item is None and path == "principal.corporate_number":
        return
    broken = changed(STATEMENTS[0], path, item)
    with pytest.raises(StatementError) as caught:
        validate_statement(broken)
    assert caught.value.path.startswith("$.statement")


@pytest.mark.parametrize(
    "path", ["", *(f"{path}." for path in paths(STATEMENTS[1]) if isinstance(STATEMENTS[1].get(path), dict))]
)
def test_an_unknown_field_is_refused_everywhere(path: str) -> None:
    with pytest.raises(StatementError) as caught:
        validate_statement(changed(STATEMENTS[1], f"{path}remark", "x"))
    assert caught.value.path == f"$.statement.{path}remark"


def test_the_error_names_the_place_in_an_array() -> None:
    broken = changed(STATEMENTS[1], "principal.joint_venture.members", [{"company": "見本建設株式会社"}])
    with pytest.raises(StatementError) as caught:
        validate_statement(broken)
    assert caught.value.path == "$.statement.principal.joint_venture.members[0].ratio_percent_hundredths"


def test_every_version_but_the_first_names_the_one_before() -> None:
    with pytest.raises(StatementError):
        validate_statement(statement(version=2))
    with pytest.raises(StatementError):
        validate_statement(statement(version=2, previous={"version": 2, "statement_sha256": "0" * 64}))
    validate_statement(statement(version=2, previous={"version": 1, "statement_sha256": "0" * 64}))


@pytest.mark.parametrize(
    "envelope",
    [
        {"format": "tashika-certificate/2", "statement": statement()},
        {"format": "tashika-certificate/1"},
        {"format": "tashika-certificate/1", "statement": statement(), "more": 1},
        {"format": "tashika-certificate/1", "statement": []},
        [],
    ],
)
def test_another_envelope_is_refused(envelope: Any) -> None:
    with pytest.raises(StatementError):
        parse_envelope(canonical_bytes(envelope))


def test_another_spelling_of_a_valid_statement_is_refused() -> None:
    data = json.dumps({"format": "tashika-certificate/1", "statement": statement()}).encode()
    with pytest.raises(StatementError):
        parse_envelope(data)


def test_a_huge_envelope_is_refused_unread() -> None:
    with pytest.raises(StatementError):
        parse_envelope(b" " * (MAX_STATEMENT_BYTES + 1))
