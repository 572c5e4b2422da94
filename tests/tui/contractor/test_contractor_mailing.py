"""The mail that hands a key in: shown as it will go out, sent after a typed word, and told when it is not delivered."""

from dataclasses import replace
from pathlib import Path

from tashika_tui.client.fake import FakeRegister, World
from tashika_tui.client.fake.mailing import mail_server_refuses, mail_server_takes
from tashika_tui.client.intent import new_request_id
from tashika_tui.client.records import Contract
from tashika_tui.presenting.handing_in import MASK
from tashika_tui.screens.contractor.handing_in import HandInScreen
from tests.tui.contractor.playing import contractor, in_force, reach, world
from tests.tui.running import Hand

POLICY_ADDRESS = "keiyaku@city.hinokawa.example.jp"
OTHER_ADDRESS = "douro@city.hinokawa.example.jp"


async def handing_in(hand: Hand, contract: Contract) -> None:
    """The screen of a contract's handing in."""
    hand.app.push_screen(HandInScreen(contract.contract_id))
    await reach(hand, "HandInScreen")


async def kinds(held: World, contract: Contract) -> list[str]:
    register = await FakeRegister.signed_in(held, "contractor")
    return [fact.kind for fact in (await register.get_contract(contract.contract_id)).facts]


def without_address(held: World) -> None:
    """檜川市 wants mails, and says nothing of where."""
    orderer, rates = held.orderers["hinokawa"]
    policy = orderer.policies[0]
    bare = replace(policy, hand_in=(replace(policy.hand_in[0], to=""),), sections=())
    held.orderers["hinokawa"] = replace(orderer, policies=(bare,)), rates


async def test_everything_that_goes_out_is_shown_and_the_key_only_when_asked_for(tmp_path: Path) -> None:
    held = world()
    contract = await in_force(held)
    register = await FakeRegister.signed_in(held, "contractor")
    mail = await register.show_hand_in_mail(contract, 1)
    key = (await register.get_key(contract.contract_id)).key
    async with contractor(tmp_path, held, size=(100, 40)) as hand:
        await handing_in(hand, contract)
        await hand.press("s")
        await reach(hand, "MailScreen")
        words = "".join(hand.words.split())
        for text in (
            f"{mail.from_name}<{mail.from_address}>",
            mail.reply_to,
            mail.to,
            mail.section,
            *f"{mail.subject}\n{mail.text_before_key}{MASK}{mail.text_after_key}".splitlines(),
        ):
            assert "".join(text.split()) in words, text
        assert "異なります" not in words and key not in hand.shown
        await hand.press("ctrl+x", "y")
        await hand.until(lambda: key in hand.shown)


async def test_it_is_sent_only_after_the_word_was_typed(tmp_path: Path) -> None:
    held = world()
    contract = await in_force(held)
    async with contractor(tmp_path, held) as hand:
        await handing_in(hand, contract)
        await hand.press("f7")
        await reach(hand, "MailScreen")
        await hand.press("f10")
        await reach(hand, "TypedConfirm")
        assert POLICY_ADDRESS in hand.shown
        await hand.press("enter")
        assert type(hand.app.screen).__name__ == "TypedConfirm"
        await hand.press("escape")
        await reach(hand, "MailScreen")
        assert await kinds(held, contract) == []
        await hand.press("f10")
        await reach(hand, "TypedConfirm")
        await hand.paste("送信")
        await hand.press("enter")
        await reach(hand, "HandInScreen")
        await hand.until(lambda: f"{POLICY_ADDRESS}への送信を依頼しました" in hand.words)
        assert await kinds(held, contract) == ["MAIL_CONFIRMED"]
        # not handed in: so there is nothing to telephone about
        await hand.press("t")
        assert type(hand.app.screen).__name__ == "HandInScreen"
        mail_server_takes(held, contract.contract_id)
        await hand.until(lambda: "電話で確認し、tで記録してください" in hand.words)


async def test_another_address_is_told_as_such_before_it_goes_there(tmp_path: Path) -> None:
    held = world()
    contract = await in_force(held)
    async with contractor(tmp_path, held) as hand:
        await handing_in(hand, contract)
        await hand.press("s")
        await reach(hand, "MailScreen")
        await hand.press("m")
        await reach(hand, "TextDialog")
        await hand.press("ctrl+u")
        await hand.paste("douro at city")
        await hand.press("enter")
        # the register does not take it, and says why where another one is typed
        await hand.until(lambda: type(hand.app.screen).__name__ == "TextDialog" and "宛先" in hand.words)
        await hand.press("ctrl+u")
        await hand.paste(OTHER_ADDRESS)
        await hand.press("enter")
        await reach(hand, "MailScreen")
        await hand.until(lambda: f"（{POLICY_ADDRESS}）と異なります" in hand.words)
        assert OTHER_ADDRESS in hand.shown
        await hand.press("f10")
        await reach(hand, "TypedConfirm")
        assert "異なります" in hand.words and OTHER_ADDRESS in hand.shown
        await hand.paste("送信")
        await hand.press("enter")
        await reach(hand, "HandInScreen")
    register = await FakeRegister.signed_in(held, "contractor")
    (fact,) = (await register.get_contract(contract.contract_id)).facts
    assert fact.to == OTHER_ADDRESS


async def test_where_the_orderer_gives_no_address_it_is_asked_for(tmp_path: Path) -> None:
    held = world()
    without_address(held)
    contract = await in_force(held)
    async with contractor(tmp_path, held) as hand:
        await handing_in(hand, contract)
        await hand.press("s")
        await reach(hand, "TextDialog")
        await hand.press("escape")
        await reach(hand, "HandInScreen")
        await hand.press("s")
        await reach(hand, "TextDialog")
        await hand.paste(OTHER_ADDRESS)
        await hand.press("enter")
        await reach(hand, "MailScreen")
        await hand.until(lambda: "発注者の定めに宛先はありません" in hand.words)
        assert OTHER_ADDRESS in hand.shown


async def test_a_mail_that_was_not_delivered_stands_there_with_what_to_do(tmp_path: Path) -> None:
    held = world()
    contract = await in_force(held)
    register = await FakeRegister.signed_in(held, "contractor")
    mail = await register.show_hand_in_mail(contract, 1)
    await register.hand_in_by_mail(contract, 1, mail, request_id=new_request_id())
    async with contractor(tmp_path, held) as hand:
        await handing_in(hand, contract)
        await hand.until(lambda: "送信を依頼しました" in hand.words)
        mail_server_refuses(held, contract.contract_id, "550 5.1.1 no such user")
        await hand.until(lambda: "電子メールは送信できませんでした" in hand.words)
        assert "メールサーバーが受け付けませんでした" in hand.words
        await hand.press("end")
        assert "550 5.1.1 no such user" in hand.shown
        await hand.press("s")
        await reach(hand, "MailScreen")


async def test_a_key_that_changes_under_the_eyes_is_not_the_one_that_is_shown(tmp_path: Path) -> None:
    held = world()
    contract = await in_force(held)
    register = await FakeRegister.signed_in(held, "contractor")
    key = (await register.get_key(contract.contract_id)).key
    async with contractor(tmp_path, held, size=(100, 40)) as hand:
        await handing_in(hand, contract)
        await hand.press("s")
        await reach(hand, "MailScreen")
        await hand.press("ctrl+x", "y")
        await hand.until(lambda: key in hand.shown)
        await hand.press("f10")
        await reach(hand, "TypedConfirm")
        await register.reissue_key(contract, request_id=new_request_id())
        await hand.paste("送信")
        await hand.press("enter")
        await reach(hand, "ErrorDialog")
        assert await kinds(held, contract) == ["KEY_REISSUED"]
        await hand.press("escape")
        await hand.until(lambda: "に再発行したものです" in hand.words)
        assert key not in hand.shown and MASK in hand.shown


async def test_there_is_no_mail_where_the_orderer_wants_none(tmp_path: Path) -> None:
    held = world()
    async with contractor(tmp_path, held) as hand:
        await hand.press("2")
        await reach(hand, "KeyList")
        await hand.press("enter")
        await reach(hand, "KeyDetail")
        await hand.press("h")
        await reach(hand, "HandInScreen")
        await hand.press("s")
        assert type(hand.app.screen).__name__ == "HandInScreen"


async def test_a_register_without_a_mail_server_says_so_and_leaves_the_other_ways(tmp_path: Path) -> None:
    held = world()
    held.sends_mail = False
    contract = await in_force(held)
    async with contractor(tmp_path, held) as hand:
        await handing_in(hand, contract)
        await hand.press("s")
        await hand.until(lambda: "[MAIL_NOT_AVAILABLE]" in hand.words)
        assert "文面をコピーしてご自身で送信し" in hand.shown
        await hand.press("escape")
        await reach(hand, "HandInScreen")
