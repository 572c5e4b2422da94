"""Every text stands in both catalogues, and nowhere else."""

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import tashika_tui
from tashika.v1 import (
    application_pb2,
    contract_pb2,
    hand_in_pb2,
    product_pb2,
    tariff_pb2,
    user_pb2,
    works_pb2,
)
from tashika_tui.client.records import STATES
from tashika_tui.i18n import Texts, catalogue, environment_language, take_language
from tashika_tui.terminal import width

SOURCE = Path(tashika_tui.__file__).parent
JAPANESE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uff00-\uffef]")

# Families whose last part is a token of the wire, or the name of a command.
FAMILIES = (
    "works_kind",
    "field",
    "product",
    "form",
    "state",
    "role",
    "fact",
    "channel",
    "body_item",
    "before",
    "key",
    "scope",
    "theme",
    "entry",
    "state_short",
    "product_short",
    "contractor_step",
    "contractor_member",
    "ledger",
    "rounding",
    "deadline",
    "reissue_reason",
    "mail_failure",
    "step",
    "period",
    "lead_time_leg",
    "notice",
    "notice_next",
    "notice_next_guarantor",
    "notice_language",
    "hosting_setting",
    "weekday",
    "office_closed",
    "guide",
)


def literals() -> Iterator[tuple[str, str]]:
    """Every string in the code but docstrings, with its file; parts of f-strings too.

    The register in memory is left out: it speaks as a server does, of invented people.
    """
    for file in SOURCE.rglob("*.py"):
        if file.is_relative_to(SOURCE / "client" / "fake"):
            continue
        tree = ast.parse(file.read_text(encoding="utf-8"))
        docs = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
            and node.body
            and isinstance(node.body[0], ast.Expr)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
                yield file.name, node.value


def asked_keys() -> set[str]:
    """The keys that the code names whole."""
    known = {key.partition(".")[0] for key in catalogue("ja")}
    form = re.compile(rf"(?:{'|'.join(known)})\.[a-z_]*[a-z]")
    return {text for _, text in literals() if form.fullmatch(text)}


def test_both_catalogues_have_the_same_keys() -> None:
    assert catalogue("ja").keys() == catalogue("en").keys()


def test_no_text_is_empty() -> None:
    assert [key for lang in ("ja", "en") for key, text in catalogue(lang).items() if not text.strip()] == []


def test_both_languages_quote_the_same_values() -> None:
    def places(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    ja, en = catalogue("ja"), catalogue("en")
    assert [key for key in ja if places(ja[key]) != places(en[key])] == []


def test_every_key_that_the_code_names_is_in_the_catalogues() -> None:
    assert len(asked_keys()) > 100
    assert asked_keys() - catalogue("ja").keys() == set()


# Keys that the code puts together.
BUILT = re.compile(
    r"help\.[a-z_]+_(more|short)|shell\.(unsaved|busy)(_yes)?|verify\.basis_(folder|roots|register)"
)


def test_every_text_is_used() -> None:
    parts = {text for _, text in literals()}
    built = {"label", "verify.basis", "help"} | set(FAMILIES)
    unused = [
        key
        for key in catalogue("ja").keys() - asked_keys()
        if not (key.partition(".")[0] in built and key.rpartition(".")[2] in parts)
        and key.partition(".")[0] not in FAMILIES
        and not re.fullmatch(
            r"help\.[a-z_]+_(more|short)|shell\.(unsaved|busy)(_yes)?|verify\.basis_(folder|roots|register)",
            key,
        )
    ]
    assert unused == []


def test_no_japanese_text_stands_in_the_code() -> None:
    assert [found for found in literals() if JAPANESE.search(found[1])] == []


@pytest.mark.parametrize(
    ("family", "enum", "prefix", "unnamed"),
    [
        ("state", contract_pb2.ContractState, "CONTRACT_STATE_", set()),
        ("product", product_pb2.Product, "PRODUCT_", set()),
        ("form", product_pb2.Form, "FORM_", set()),
        ("role", user_pb2.Role, "ROLE_", set()),
        ("fact", hand_in_pb2.FactKind, "FACT_KIND_", set()),
        ("channel", hand_in_pb2.HandInChannel, "HAND_IN_CHANNEL_", {"UNSPECIFIED"}),
        ("body_item", hand_in_pb2.HandInBodyItem, "HAND_IN_BODY_ITEM_", set()),
        ("before", hand_in_pb2.HandInBefore, "HAND_IN_BEFORE_", set()),
        ("ledger", contract_pb2.FeeEntryKind, "FEE_ENTRY_KIND_", set()),
        ("rounding", tariff_pb2.FeeRounding, "FEE_ROUNDING_", set()),
    ],
)
def test_every_choice_of_the_wire_has_a_word(family: str, enum: Any, prefix: str, unnamed: set[str]) -> None:
    tokens = {value.name.removeprefix(prefix) for value in enum.DESCRIPTOR.values} - {"UNSPECIFIED"}
    assert {
        key.partition(".")[2] for key in catalogue("ja") if key.startswith(f"{family}.")
    } == tokens | unnamed


def test_the_states_that_can_be_listed_are_those_of_the_wire() -> None:
    tokens = [
        value.name.removeprefix("CONTRACT_STATE_") for value in contract_pb2.ContractState.DESCRIPTOR.values
    ]
    assert ["UNSPECIFIED", *STATES] == tokens


def test_help_fits_a_narrow_terminal() -> None:
    wide = [
        (lang, key, line)
        for lang in ("ja", "en")
        for key, text in catalogue(lang).items()
        for line in text.splitlines()
        if (key.startswith("help.") and width(line) > 80) or (key.startswith("option.") and width(line) > 62)
    ]
    assert wide == []


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "ja"),
        ({"LANG": "C"}, "ja"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "ja_JP.UTF-8"}, "ja"),
        ({"LANG": "ja_JP.UTF-8", "LC_MESSAGES": "en_GB"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "ja"),
    ],
)
def test_the_locale_chooses_between_japanese_and_english(environment: dict[str, str], language: str) -> None:
    assert environment_language(environment) == language


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--lang", "en", "list"], ("en", ["list"])),
        (["list", "--lang=en", "--json"], ("en", ["list", "--json"])),
        (["list", "--lang"], ("", ["list"])),
        (["open", "--", "--lang", "en"], (None, ["open", "--", "--lang", "en"])),
    ],
)
def test_the_language_option_is_taken_wherever_it_stands(
    arguments: list[str], expected: tuple[str | None, list[str]]
) -> None:
    assert take_language(arguments) == expected


def test_a_choice_that_is_not_known_stands_for_itself() -> None:
    assert Texts("ja").choice("state", "SLEEPING") == "SLEEPING"


def test_every_named_field_is_one_of_the_wire() -> None:
    application, works = application_pb2.Application.DESCRIPTOR, works_pb2.WorksTerms.DESCRIPTOR
    fields = {*application.fields_by_name, *(f"works.{name}" for name in works.fields_by_name)}
    for part, record in (("depositary", application_pb2.BankAccount), ("contact", application_pb2.Contact)):
        fields |= {f"{part}.{name}" for name in record.DESCRIPTOR.fields_by_name}
    assert {key.partition(".")[2] for key in catalogue("ja") if key.startswith("field.")} - fields == set()
