"""The message that hands a key in, ready to copy; the telephone call; another key before the handing in."""

from pathlib import Path

from rich.cells import cell_len

from tashika_tui.client.fake import FakeRegister
from tashika_tui.client.intent import new_request_id
from tashika_tui.client.records import Contract
from tashika_tui.presenting.handing_in import MASK
from tashika_tui.screens.contractor.handing_in import HandInScreen
from tests.tui.contractor.playing import contractor, in_force, reach, world
from tests.tui.running import Hand


async def shown(hand: Hand, contract: Contract) -> HandInScreen:
    """The screen of a contract's handing in."""
    screen = HandInScreen(contract.contract_id)
    hand.app.push_screen(screen)
    await reach(hand, "HandInScreen")
    return screen


async def test_address_subject_number_and_text_are_copied_with_one_key_each(tmp_path: Path) -> None:
    held = world()
    contract = await in_force(held)
    assert contract.hand_in_advice is not None and contract.hand_in_message is not None
    async with contractor(tmp_path, held) as hand:
        await shown(hand, contract)
        copied = []
        for key in ("1", "2", "4"):
            await hand.press(key)
            copied.append(hand.app.clipboard)
        assert copied == [
            "keiyaku@city.hinokawa.example.jp",
            contract.hand_in_message.subject,
            contract.contract_number,
        ]
        await hand.press("３")
        text = hand.app.clipboard
        assert text.startswith("檜川市　契約課　御中\n")
        assert f"認証キー：{MASK}\n" in text
        await hand.until(lambda: "認証キーの入っていない本文" in hand.words)


async def test_the_key_goes_into_the_text_only_after_it_was_asked_for(tmp_path: Path) -> None:
    held = world()
    contract = await in_force(held)
    register = await FakeRegister.signed_in(held, "contractor")
    key = (await register.get_key(contract.contract_id)).key
    async with contractor(tmp_path, held) as hand:
        await shown(hand, contract)
        await hand.press("5")
        assert hand.app.clipboard == ""
        await hand.press("ctrl+x", "n", "3")
        assert key not in hand.app.clipboard
        await hand.press("ctrl+x", "y")
        await hand.until(lambda: key in hand.shown)
        await hand.press("3")
        assert f"認証キー：{key}\n" in hand.app.clipboard
        await hand.press("5")
        assert hand.app.clipboard == key


async def test_deadline_section_and_checklist_are_said_in_words(tmp_path: Path) -> None:
    held = world()
    contract = await in_force(held)
    async with contractor(tmp_path, held, size=(100, 60)) as hand:
        await shown(hand, contract)
        for words in (
            "契約課",
            "契約手続で来庁するまでに提出してください（契約日",
            "[]工程表",
            "[]現場代理人届",
        ):
            assert words in hand.words, words
        assert "電話で確認してください" in hand.words


async def test_a_telephone_call_is_recorded_after_the_handing_in(tmp_path: Path) -> None:
    held = world()
    contract = await in_force(held)
    register = await FakeRegister.signed_in(held, "contractor")
    async with contractor(tmp_path, held) as hand:
        await shown(hand, contract)
        await hand.press("t")
        assert type(hand.app.screen).__name__ == "HandInScreen"
        await register.record_hand_in(contract, 1, "MAIL", request_id=new_request_id())
        await hand.until(lambda: "電話で確認し、tで記録してください" in hand.words)
        await hand.press("t")
        await reach(hand, "PhoneScreen")
        await hand.press("f10")
        assert type(hand.app.screen).__name__ == "PhoneScreen"
        await hand.paste("契約課　大野")
        await hand.press("f10")
        await reach(hand, "HandInScreen")
        await hand.until(lambda: "電話で確認済みです" in hand.words)
        await hand.press("end")
        assert "契約課　大野" in hand.shown
    kept = await register.get_contract(contract.contract_id)
    assert kept.facts[-1].officer == "契約課　大野"


async def test_before_the_handing_in_another_key_is_made_after_a_typed_word(tmp_path: Path) -> None:
    held = world()
    contract = await in_force(held)
    register = await FakeRegister.signed_in(held, "contractor")
    old = (await register.get_key(contract.contract_id)).key
    async with contractor(tmp_path, held) as hand:
        await shown(hand, contract)
        await hand.press("ctrl+x", "y")
        await hand.until(lambda: old in hand.shown)
        await hand.press("R")
        await hand.until(lambda: type(hand.app.screen).__name__ == "TypedConfirm")
        await hand.press("enter")
        assert type(hand.app.screen).__name__ == "TypedConfirm"
        await hand.paste("再発行")
        await hand.press("enter")
        await reach(hand, "HandInScreen")
        await hand.until(lambda: "再発行しました" in hand.words)
        assert old not in hand.shown
        await hand.press("3")
        assert "に再発行したものです" in hand.app.clipboard and old not in hand.app.clipboard
        await hand.press("end")
        await hand.until(lambda: "以前の認証キー（1回目の発行。使えません）" in hand.words)
    assert (await register.get_key(contract.contract_id)).key != old


async def test_a_key_that_is_out_is_the_guarantors_to_issue_anew(tmp_path: Path) -> None:
    held = world()
    contract = await in_force(held)
    register = await FakeRegister.signed_in(held, "contractor")
    await register.record_hand_in(contract, 1, "MAIL", request_id=new_request_id())
    async with contractor(tmp_path, held) as hand:
        await shown(hand, contract)
        await hand.press("R")
        assert type(hand.app.screen).__name__ == "HandInScreen"
        await hand.press("end")
        assert "保証会社にご連絡ください" in hand.words


async def test_what_is_marked_with_the_mouse_can_be_copied(tmp_path: Path) -> None:
    held = world()
    contract = await in_force(held)
    async with contractor(tmp_path, held, size=(80, 50)) as hand:
        await shown(hand, contract)
        row = next(place for place, line in enumerate(hand.lines) if "4 保証契約番号" in line)
        column = hand.lines[row].index(contract.contract_number)
        start = cell_len(hand.lines[row][:column])
        sheet = hand.app.screen.query_one("FieldSheet")
        begin = (start - sheet.region.x, row - sheet.region.y)
        await hand.pilot.mouse_down("FieldSheet", offset=begin)
        await hand.pilot.hover("FieldSheet", offset=(begin[0] + 14, begin[1]))
        await hand.pilot.mouse_up("FieldSheet", offset=(begin[0] + 14, begin[1]))
        await hand.settle()
        await hand.press("ctrl+c")
        assert hand.app.clipboard.strip() == contract.contract_number
