"""One row for each reason, and words that can be read aloud to a clerk."""

import re

import grpc
import pytest

from tashika_formats.key import KeyTypingError, normalise_key
from tashika_formats.number import NumberTypingError, normalise_number
from tashika_server.domain.model import ContractState, GuarantorKind, Product
from tashika_server.domain.policy import SinceBasis, ThresholdBasis
from tashika_server.domain.reasons import Caution, Param, Reason, Violation, WarningReason
from tashika_server.transport.sentences import (
    CAUTIONS,
    TABLE,
    Entry,
    caution_sentence,
    render,
    render_ascii,
    sentence,
    violation_sentence,
)
from tashika_server.transport.sentences.choices import CHOICES, choice_label
from tashika_server.transport.sentences.wording import fill, slots

KANA = re.compile(r"[\u3041-\u3096]")
UNFILLED = re.compile(r"[\[\]{}|]|\.\.\.")


def test_every_reason_and_every_warning_has_its_row() -> None:
    assert set(TABLE) == set(Reason)
    assert set(CAUTIONS) == set(WarningReason)


@pytest.mark.parametrize("reason", Reason)
def test_a_row_says_what_happened_what_to_do_and_who_can_in_both_languages(reason: Reason) -> None:
    violation = Violation(reason, "application.amount_yen")
    ja, en = sentence(violation, "ja"), sentence(violation, "en")
    for text in (ja.text, ja.next_step):
        assert KANA.search(text)
        assert text.endswith("。")
        assert not UNFILLED.search(text)
    for text in (en.text, en.next_step):
        assert text.isascii()
        assert text[0].isupper() or text.startswith("`")
        assert text.endswith(".")
        assert not UNFILLED.search(text)
    assert ja.who
    assert en.who.isascii()
    assert TABLE[reason].code is not grpc.StatusCode.OK


def all_params(found: Entry) -> dict[str, Param]:
    values: dict[str, Param] = {}
    for template in (found.ja, found.en, found.next_ja, found.next_en):
        for name, kind in re.findall(r"\{([a-z_0-9]+)(?::([a-z_]+))?\}", template):
            values[name] = {"day": "2025-12-26", "choice": "DRAFT", "": "値"}.get(kind, 2025)
    values.pop("field", None)
    return values


@pytest.mark.parametrize("reason", Reason)
def test_a_row_quotes_what_it_is_given(reason: Reason) -> None:
    violation = Violation(reason, "application.amount_yen", all_params(TABLE[reason]))
    for language in ("ja", "en"):
        assert not UNFILLED.search(sentence(violation, language).text)
        assert not UNFILLED.search(sentence(violation, language).next_step)
    assert slots(TABLE[reason].ja) == slots(TABLE[reason].en) or "character" in slots(TABLE[reason].ja)


@pytest.mark.parametrize("reason", WarningReason)
def test_a_warning_has_words_in_both_languages(reason: WarningReason) -> None:
    assert KANA.search(caution_sentence(Caution(reason), "ja"))
    assert caution_sentence(Caution(reason), "en").isascii()


@pytest.mark.parametrize(
    ("violation", "ja", "en"),
    [
        (
            Violation(Reason.PREPAYMENT_ABOVE_MAXIMUM, "", {"maximum_yen": 12_345_678}),
            "前払金の額が、この発注者の上限（12,345,678円）を超えています。",
            "The advance is above the orderer's maximum (12,345,678 yen).",
        ),
        (
            Violation(Reason.PAYMENT_LAPSED, "", {"pay_by": "2025-12-26"}),
            "保証料の払込期限（令和7年12月26日）を過ぎたため、承諾は効力を失いました。",
            "The last day for the fee (2025-12-26) has passed; the acceptance is void.",
        ),
        (
            Violation(Reason.WRONG_STATE, "", {"state": "IN_FORCE"}),
            "現在の状態「保証中」では、この操作を行えません。",
            "This can't be done in the present state (in force).",
        ),
        (
            Violation(Reason.NOT_FOUND, "contract_id", {"resource": "contract"}),
            "指定された保証契約が見つかりません。",
            "The guarantee contract was not found.",
        ),
        (
            Violation(Reason.FIELD_TOO_LONG, "application.works.name", {"maximum": 120}),
            "工事名が長すぎます（120文字以内）。",
            "Name of the works is too long (at most 120 characters).",
        ),
        (
            Violation(Reason.FISCAL_YEAR_NOT_BEGUN, "", {"fiscal_year": 2026}),
            "前払金の対象となる令和8年度が、まだ始まっていません。",
            "The fiscal year of the advance (2026) has not begun.",
        ),
    ],
)
def test_amounts_days_and_states_are_written_as_people_write_them(
    violation: Violation, ja: str, en: str
) -> None:
    assert render(violation, "ja") == ja
    assert render(violation, "en") == en


def test_a_listed_reason_says_what_to_do_as_well() -> None:
    violation = Violation(Reason.FEE_NOT_RECEIVED, "", {"balance_yen": 3000})
    said = violation_sentence(violation, "ja")
    assert "未納 3,000円" in said
    assert "発行してください" in said


@pytest.mark.parametrize(
    "value", ["2025-13-45", "x", "", "９９", -1, 10**30, "\ud800", "{field}", "[a|b]", "%s"]
)
@pytest.mark.parametrize("reason", Reason)
def test_odd_values_never_break_a_sentence(reason: Reason, value: Param) -> None:
    params = dict.fromkeys(all_params(TABLE[reason]), value)
    violation = Violation(reason, "a[0].b", params)
    for language in ("ja", "en"):
        said = sentence(violation, language)
        said.text.encode("utf-8")
        assert "{field}" not in said.text
    assert render_ascii(violation, 200).isascii()


def test_a_long_quotation_is_cut_and_loses_its_control_characters() -> None:
    filled = fill("{text}", {"text": "a\r\n\x1b\u202e" + "b" * 500}, "ja")
    assert filled == "a" + "b" * 39 + "…"


def test_the_message_is_ascii_also_where_the_value_is_not() -> None:
    violation = Violation(Reason.POLICY_INVALID, "方針", {"problem": "EMPTY"})
    assert render_ascii(violation, 200) == "The orderer's policy is not in the right form (it is empty)."


def test_states_products_and_kinds_have_names() -> None:
    for choices in (ContractState, Product, GuarantorKind, SinceBasis, ThresholdBasis):
        assert {str(c) for c in choices} <= set(CHOICES)
    assert choice_label("NO_SUCH_TOKEN", "ja") == ""


@pytest.mark.parametrize("text", ["", "x", "1", "12345678901235", "0" * 30, "12345678901234"])
def test_every_typing_error_of_a_number_has_a_name(text: str) -> None:
    try:
        normalise_number(text)
    except NumberTypingError as error:
        assert choice_label(error.code, "ja"), error.code


@pytest.mark.parametrize("text", ["", "U", "1", "0" * 19 + "1", "0" * 30])
def test_every_typing_error_of_a_key_has_a_name(text: str) -> None:
    try:
        normalise_key(text)
    except KeyTypingError as error:
        assert choice_label(error.code, "ja"), error.code
