"""保証契約一覧 and the contents to be checked."""

from dataclasses import replace
from pathlib import Path

from tashika_tui.client.fake import FakeRegister, World
from tashika_tui.client.records import Contract
from tests.tui.contractor.playing import contractor, drafted, reach, submitted, world


async def accepted(held: World, amount_yen: int) -> Contract:
    """An application that the guarantor accepted for another amount."""
    contract = await submitted(held)
    guarantor = await FakeRegister.signed_in(held, "deputy")
    terms = replace(contract.application, amount_yen=amount_yen)
    return await guarantor.accept_contract(contract, 1000, request_id=_uuid(7), terms=terms)


def _uuid(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


async def test_the_list_has_the_briefings_five_columns_at_80_columns(tmp_path: Path) -> None:
    async with contractor(tmp_path) as hand:
        await hand.press("1")
        await reach(hand, "ContractList")
        for heading in ("契約登録番号", "登録年月日", "登録者名", "登録者会社名", "登録者役職"):
            assert heading in hand.lines[1]


async def test_what_a_colleague_does_shows_without_a_key(tmp_path: Path) -> None:
    held = world()
    contract = await submitted(held)
    async with contractor(tmp_path, held) as hand:
        await hand.press("1")
        await reach(hand, "ContractList")
        await hand.until(lambda: "審査中" in hand.lines[2])
        colleague = await FakeRegister.signed_in(held, "colleague")
        await colleague.withdraw_contract(contract, request_id=_uuid(9))
        await hand.until(lambda: "取下げ" in hand.lines[2])


async def test_a_new_contract_comes_into_the_list_by_itself(tmp_path: Path) -> None:
    held = world()
    async with contractor(tmp_path, held) as hand:
        await hand.press("1")
        await reach(hand, "ContractList")
        await submitted(held)
        await hand.until(lambda: "審査中" in hand.lines[2])


async def test_typing_narrows_the_list(tmp_path: Path) -> None:
    async with contractor(tmp_path) as hand:
        await hand.press("1")
        await reach(hand, "ContractList")
        await hand.press("/")
        await hand.paste("11250000010361")
        await hand.until(lambda: "/ 1件" in hand.shown)


async def test_another_amount_is_marked_as_a_difference(tmp_path: Path) -> None:
    held = world()
    await accepted(held, 3_000_000)
    async with contractor(tmp_path, held) as hand:
        await hand.press("1")
        await reach(hand, "ContractList")
        await hand.press("enter")
        await reach(hand, "HistoryScreen")
        await hand.press("enter")
        await reach(hand, "CheckScreen")
        assert "違うところが1か所" in hand.words
        line = next(line for line in hand.lines if "保証金額" in line)
        assert "3,520,000" in line and "3,000,000" in line and "! 相違" in line


async def test_a_reported_error_goes_back_with_a_remark_at_its_field(tmp_path: Path) -> None:
    held = world()
    contract = await accepted(held, 3_000_000)
    async with contractor(tmp_path, held) as hand:
        await hand.press("1")
        await reach(hand, "ContractList")
        await hand.press("enter")
        await reach(hand, "HistoryScreen")
        await hand.press("enter")
        await reach(hand, "CheckScreen")
        await hand.press("ctrl+d")
        await reach(hand, "ReportScreen")
        await hand.press("f10", "y")
        await reach(hand, "CheckScreen")
        after = held.contracts[contract.contract_id]
        assert after.state == "SUBMITTED"
        assert [(one.field, "3,520,000" in one.text) for one in after.remarks] == [
            ("application.amount_yen", True)
        ]


async def test_an_issued_certificate_is_checked_against_the_application(tmp_path: Path) -> None:
    async with contractor(tmp_path) as hand:
        await hand.press("1")
        await reach(hand, "ContractList")
        await hand.press("enter")
        await reach(hand, "HistoryScreen")
        await hand.press("enter")
        await reach(hand, "CheckScreen")
        assert "電子証書（第1版）" in hand.shown
        assert "申込みと違うところはありません" in hand.shown


async def test_terminal_escapes_in_a_works_name_are_shown_and_do_not_act(tmp_path: Path) -> None:
    held = world()
    draft = await drafted(held)
    works = draft.application.works
    assert works is not None
    bad = replace(draft, application=replace(draft.application, works=replace(works, name="\x1b[2J悪い工事")))
    held.contracts[draft.contract_id] = bad
    async with contractor(tmp_path, held, size=(120, 40)) as hand:
        await hand.press("1")
        await reach(hand, "ContractList")
        assert "悪い工事" in hand.shown
        assert "\x1b" not in hand.shown


async def test_a_withdrawal_needs_its_phrase(tmp_path: Path) -> None:
    held = world()
    contract = await submitted(held)
    async with contractor(tmp_path, held) as hand:
        await hand.press("1")
        await reach(hand, "ContractList")
        await hand.press("enter")
        await reach(hand, "HistoryScreen")
        await hand.press("ctrl+w", "enter")
        assert held.contracts[contract.contract_id].state == "SUBMITTED"
        await hand.paste("取下げ")
        await hand.press("enter")
        await hand.until(lambda: held.contracts[contract.contract_id].state == "WITHDRAWN")
