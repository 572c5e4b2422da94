"""The parser of policy files, its writer and the published JSON Schema say the same."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tashika_server.domain.policy import Policy
from tashika_server.domain.policy_file import (
    ParsedOrderer,
    check_policy,
    parse_policy_file,
    write_policy_file,
)
from tashika_server.domain.reasons import RefusedError
from tashika_server.sample import orderers_json, policy_schema_json
from tests.property.domain.policies import ODD_VALUES, POLICIES, TEXTS, damaged, places, put
from tests.unit.domain.every_key import EVERY_KEY

SCHEMA = json.loads(policy_schema_json())
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)
ENTRIES = st.lists(
    st.builds(ParsedOrderer, st.from_regex("[a-z0-9][a-z0-9-]{0,8}", fullmatch=True), TEXTS, POLICIES, TEXTS),
    min_size=1,
    max_size=2,
    unique_by=lambda entry: entry.orderer_id,
)
DOCUMENTS = ENTRIES.map(lambda entries: json.loads(write_policy_file(entries)))

BEYOND_THE_SCHEMA = {"DUPLICATE", "TEXT_EDGE_SPACE", "TEXT_CHARACTER"}
"""What the schema's own text leaves to the reader."""


def parser_faults(document: Any) -> set[str]:
    try:
        parse_policy_file(json.dumps(document))
    except RefusedError as refused:
        return {str(violation.params["problem"]) for violation in refused.violations}
    return set()


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_the_real_orderers_fit_the_schema() -> None:
    assert [error.message for error in VALIDATOR.iter_errors(json.loads(orderers_json()))] == []


@given(ENTRIES)
def test_what_is_written_reads_back(entries: list[ParsedOrderer]) -> None:
    assert parse_policy_file(write_policy_file(entries)) == tuple(entries)


@given(POLICIES)
def test_what_can_be_written_is_a_policy(policy: Policy) -> None:
    assert check_policy(policy) == []


@given(DOCUMENTS)
def test_what_is_written_fits_the_schema(document: Any) -> None:
    assert [error.message for error in VALIDATOR.iter_errors(document)] == []


@given(DOCUMENTS.flatmap(damaged).flatmap(damaged))
def test_parser_and_schema_refuse_the_same(document: Any) -> None:
    faults = parser_faults(document)
    if faults <= BEYOND_THE_SCHEMA and faults:
        return
    assert VALIDATOR.is_valid(document) == (not faults), faults


@pytest.mark.parametrize("place", list(places(EVERY_KEY)), ids=str)
def test_parser_and_schema_agree_on_odd_values_everywhere(place: tuple[str | int, ...]) -> None:
    differing = []
    for value in ODD_VALUES:
        document = {"schema": "tashika-orderers/1", "orderers": [put(EVERY_KEY, place, value)]}
        faults = parser_faults(document)
        if not (faults and faults <= BEYOND_THE_SCHEMA) and VALIDATOR.is_valid(document) == bool(faults):
            differing.append((value, faults))
    assert differing == []


@pytest.mark.parametrize("document", [[], None, 1, {}, {"schema": "tashika-orderers/1"}])
def test_what_is_no_file_fits_neither(document: Any) -> None:
    assert not VALIDATOR.is_valid(document)
    assert parser_faults(document)


@given(st.text() | st.binary().map(lambda data: data.decode("latin-1")))
def test_any_text_is_read_or_refused(text: str) -> None:
    with pytest.raises(RefusedError):
        parse_policy_file(text)
