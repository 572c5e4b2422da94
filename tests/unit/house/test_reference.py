"""The protocol reference says all that the contract says, and follows from it alone."""

import re
from pathlib import Path
from typing import Any

import pytest

from buf.validate import validate_pb2
from tashika_server.application.access import RULES
from tashika_server.transport.sentences import TABLE
from tools.reference.__main__ import IMAGE, SERVICE_CONFIG
from tools.reference.contract import Contract, Enumeration, Field, File, Message, Value, read_contract
from tools.reference.reasons import shown
from tools.reference.render import reference, who
from tools.reference.rules import in_words

FieldRules: Any = validate_pb2.FieldRules


@pytest.fixture(scope="module")
def contract() -> Contract:
    return read_contract(IMAGE, SERVICE_CONFIG)


@pytest.fixture(scope="module")
def text(contract: Contract) -> str:
    return reference(contract)


def section(text: str, heading: str) -> str:
    """What stands below a heading, up to the next one."""
    found = re.search(rf"^#+ {heading}\n(.*?)(?=^#+ |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found is not None, heading
    return found[1]


def test_every_method_says_who_may_call_it(contract: Contract, text: str) -> None:
    methods = [method for service in contract.services for method in service.methods]
    assert {method.path for method in methods} == set(RULES)
    for method in methods:
        row = next(line for line in text.splitlines() if line.startswith(f"| [{method.name}]("))
        assert f"| {who(RULES[method.path])} |" in row
        assert f"[{method.request}]" in section(text, method.name)


def test_every_field_and_value_stands_there_with_its_comment(contract: Contract, text: str) -> None:
    for message in contract.messages.values():
        below = section(text, message.name)
        assert message.comment in below
        for field in message.fields:
            assert f"| `{field.name}` {field.number} |" in below
            assert field.comment and field.comment.replace("|", "\\|") in below
    for enumeration in contract.enumerations.values():
        if enumeration.name in ("ErrorReason", "WarningReason"):
            continue
        below = section(text, enumeration.name)
        assert all(
            f"| `{value.name}` {value.number} | {value.comment} |" in below for value in enumeration.values
        )


def test_every_reason_stands_there_with_code_and_sentences(text: str) -> None:
    for reason, entry in TABLE.items():
        below = section(text, reason.value)
        assert below.strip().startswith(f"{entry.code.name}. ")
        assert f"- ja: {shown(entry.ja)}" in below
        assert f"- en: {shown(entry.en)}" in below


def test_every_link_leads_to_a_heading(text: str) -> None:
    headings = {heading.lower() for heading in re.findall(r"^#+ (\S.*)$", text, re.MULTILINE)}
    links = set(re.findall(r"\]\(#([^)]+)\)", text))
    assert links
    assert links <= headings


def test_no_two_headings_are_the_same(text: str) -> None:
    headings = [heading.lower() for heading in re.findall(r"^#+ (\S.*)$", text, re.MULTILINE)]
    assert len(headings) == len(set(headings))


def test_the_same_contract_gives_the_same_text(contract: Contract, text: str) -> None:
    assert reference(read_contract(IMAGE, SERVICE_CONFIG)) == text


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        (FieldRules(), ""),
        (FieldRules(required=True, string={"max_len": 2000}), "required; at most 2,000 characters"),
        (FieldRules(string={"uuid": True}), "a UUID"),
        (FieldRules(string={"in": ["", "ja"]}), "one of empty, `ja`"),
        (FieldRules(int32={"gte": 0, "lte": 200}), "0 to 200"),
        (FieldRules(int64={"gte": 1}), "at least 1"),
        (FieldRules(bytes={"max_len": 65536}), "at most 65,536 bytes"),
        (
            FieldRules(repeated={"max_items": 10, "items": {"enum": {"defined_only": True, "not_in": [0]}}}),
            "at most 10 items; each: a value of the list, not `0`",
        ),
        (FieldRules(ignore=validate_pb2.IGNORE_IF_ZERO_VALUE), "may be unset"),
        # What has no words yet is shown, and not forgotten.
        (FieldRules(string={"email": True}), "string.email: `True`"),
        (FieldRules(cel=[{"id": "x", "expression": "this > 0"}]), 'cel: `[id: "x" expression: "this > 0" ]`'),
    ],
)
def test_rules_are_told_in_words(rules: Any, words: str) -> None:
    assert in_words(rules) == words


def test_of_choices_the_fullest_is_shown() -> None:
    assert (
        shown("多すぎます[（{maximum:number}件まで）|（多数）]。{field}")
        == "多すぎます（{maximum}件まで）。{field}"
    )


def test_a_bar_in_a_comment_does_not_end_its_cell(contract: Contract) -> None:
    field = Field("a", 1, "string", "one", "", FieldRules(), "a | b")
    message = Message("Odd", "Odd.", (field,))
    reasons = [contract.enumerations[name] for name in ("ErrorReason", "WarningReason")]
    odd = Contract((File("odd.proto", (), (message,), tuple(reasons)),))
    assert "| `a` 1 | `string` |  | a \\| b |" in reference(odd)


def test_a_reason_without_a_row_is_an_error(contract: Contract) -> None:
    errors = contract.enumerations["ErrorReason"]
    more = Enumeration(errors.name, errors.comment, (*errors.values, Value("ERROR_REASON_NEW", 999, "New.")))
    odd = Contract((File("odd.proto", (), (), (more, contract.enumerations["WarningReason"])),))
    with pytest.raises(ValueError, match="NEW"):
        reference(odd)


def test_the_generator_reads_nothing_but_its_sources(tmp_path: Path, contract: Contract) -> None:
    image, config = tmp_path / "image", tmp_path / "config"
    image.write_bytes(IMAGE.read_bytes())
    config.write_bytes(SERVICE_CONFIG.read_bytes())
    assert read_contract(image, config) == contract
