"""The quote beside the application: what it says first where there is not room for all."""

from dataclasses import replace
from pathlib import Path

from tashika_tui.client.fake import FakeRegister
from tashika_tui.client.records import Finding, Quote
from tashika_tui.i18n import Texts
from tashika_tui.screens.contractor.quote import nearest_first, quote_text
from tests.tui.contractor.mishaps import open_draft
from tests.tui.contractor.playing import contractor, drafted, world
from tests.tui.running import Hand

FORM = Finding("ELECTRONIC_NOT_ACCEPTED", "application.form", "電子保証を取り扱っていません。")
AMOUNT = Finding("AMOUNT_OVER_LIMIT", "application.amount_yen", "金額が限度を超えています。")
ADVANCE = Finding("ADVANCE_NOT_PLANNED", "application.works.advance_yen", "前払金の予定がありません。")
QUOTE = Quote((ADVANCE, FORM, AMOUNT), (), None, None, 1, 1)
STEP = ("guarantor_id", "branch", "product", "form")


def test_what_concerns_the_field_comes_first_then_its_step() -> None:
    assert nearest_first(QUOTE, "amount_yen", ("amount_yen",)).violations == (AMOUNT, ADVANCE, FORM)
    assert nearest_first(QUOTE, "product", STEP).violations == (FORM, ADVANCE, AMOUNT)
    assert nearest_first(QUOTE, "", ()) == QUOTE


def test_violations_stay_before_cautions() -> None:
    near = nearest_first(replace(QUOTE, violations=(ADVANCE,), cautions=(FORM,)), "form", STEP)
    text = quote_text(Texts("ja"), None, near, 80, 10, "contractor.ready")
    assert text.index(ADVANCE.sentence) < text.index(FORM.sentence)


def test_the_last_line_says_how_much_is_not_shown() -> None:
    lines = quote_text(Texts("ja"), None, QUOTE, 80, 4, "contractor.ready").splitlines()
    assert lines[-1] == Texts("ja")("contractor.quote_more", count=2)


async def test_what_is_said_of_a_field_is_in_sight_when_the_cursor_comes_to_it(tmp_path: Path) -> None:
    """A performance guarantee of too small an amount, without an advance, for an orderer that wants paper."""
    held = world()
    for orderer_id, (orderer, rates) in held.orderers.items():
        paper = tuple(replace(each, electronic=None) for each in orderer.policies)
        held.orderers[orderer_id] = (replace(orderer, policies=paper), rates)
    draft = await drafted(held)
    register = await FakeRegister.signed_in(held, "contractor")
    small = replace(draft.application, product="PERFORMANCE", amount_yen=1_000)
    await register.update_contract(draft, small, request_id="00000000-0000-4000-8000-000000000021")
    async with contractor(tmp_path, held) as hand:
        await open_draft(hand)
        await hand.press("f6")
        await hand.until(lambda: "電子保証を取り扱っていません" in panel(hand))
        assert "最低額" not in panel(hand)
        await hand.press("f6")
        await hand.until(lambda: "最低額" in panel(hand))


def panel(hand: Hand) -> str:
    return hand.shown[hand.shown.index("-- 限度額と確認事項 --") :]
