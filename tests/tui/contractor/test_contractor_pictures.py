"""How the contractor's screens look, in both languages, sizes and looks."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from tashika_formats.key import make_key
from tashika_tui.client.errors import RefusedByServer
from tashika_tui.client.fake import FakeRegister, World
from tashika_tui.client.fake.mailing import mail_server_refuses
from tashika_tui.client.intent import new_request_id
from tashika_tui.client.records import Remark
from tashika_tui.screens.contractor.handing_in import HandInScreen
from tashika_tui.screens.contractor.mailing import MailScreen
from tests.tui.contractor.playing import contractor, drafted, in_force, reach, submitted, world
from tests.tui.running import Hand
from tests.tui.snapshots import in_both_languages, look


@in_both_languages
async def test_list_history_and_contents(tmp_path: Path, language: str) -> None:
    held = world()
    contract = await submitted(held)
    guarantor = await FakeRegister.signed_in(held, "deputy")
    terms = replace(contract.application, amount_yen=3_000_000)
    request_id = "00000000-0000-4000-8000-000000000003"
    await guarantor.accept_contract(contract, 1000, request_id=request_id, terms=terms)
    async with contractor(tmp_path, held, language=language) as hand:
        await hand.press("1")
        await reach(hand, "ContractList")
        await look(hand, "contractor-list")
        await hand.press("enter")
        await reach(hand, "HistoryScreen")
        await look(hand, "contractor-history")
        await hand.press("ctrl+w")
        await reach(hand, "TypedConfirm")
        await look(hand, "contractor-withdraw")
        await hand.press("escape", "i")
        await reach(hand, "DetailsScreen")
        await look(hand, "contractor-details")
        await hand.press("escape", "enter")
        await reach(hand, "CheckScreen")
        await look(hand, "contractor-check")
        await hand.press("ctrl+d")
        await reach(hand, "ReportScreen")
        await look(hand, "contractor-report")


@in_both_languages
async def test_lists_without_rows(tmp_path: Path, language: str) -> None:
    async with contractor(tmp_path, world(), language=language) as hand:
        await hand.press("1")
        await reach(hand, "ContractList")
        await hand.press("/")
        await hand.paste("丁目地先")
        await hand.until(lambda: "丁目地先" in hand.lines[-5])
        await look(hand, "contractor-list-filtered")
        await hand.paste("庁舎")
        await hand.until(lambda: "Esc" in "\n".join(hand.lines[:8]))
        await look(hand, "contractor-list-nothing-fits")
    held = World(count=0, now=world().now)
    async with contractor(tmp_path / "new", held, language=language) as hand:
        await hand.press("1")
        await reach(hand, "ContractList")
        await look(hand, "contractor-list-empty")


@in_both_languages
async def test_keys_and_handing_in(tmp_path: Path, language: str) -> None:
    held = world()
    async with contractor(tmp_path, held, language=language) as hand:
        await hand.press("2")
        await reach(hand, "KeyList")
        await look(hand, "contractor-keys")
        await hand.press("enter")
        await reach(hand, "KeyDetail")
        await look(hand, "contractor-key")
        await hand.press("ctrl+x")
        await reach(hand, "Confirm")
        await look(hand, "contractor-show-key")
        await hand.press("n", "ctrl+n")
        await reach(hand, "HandInScreen")
        await look(hand, "contractor-hand-in")
        await hand.press("f10")
        await reach(hand, "RecordScreen")
        await look(hand, "contractor-record")


@in_both_languages
async def test_handing_in_as_an_orderer_wants_it(tmp_path: Path, language: str) -> None:
    held = world()
    contract = await in_force(held)
    register = await FakeRegister.signed_in(held, "contractor")
    await register.record_hand_in(contract, 1, "MAIL", request_id=new_request_id())
    async with contractor(tmp_path, held, language=language) as hand:
        hand.app.push_screen(HandInScreen(contract.contract_id))
        await reach(hand, "HandInScreen")
        await look(hand, "contractor-hand-in-mail")
        await hand.press("end")
        await look(hand, "contractor-hand-in-end")
        await hand.press("t")
        await reach(hand, "PhoneScreen")
        await look(hand, "contractor-phone")


@in_both_languages
async def test_handing_in_by_mail(tmp_path: Path, language: str) -> None:
    held = world()
    await in_force(held)
    async with contractor(tmp_path, held, language=language) as hand:
        await hand.press("2")
        await reach(hand, "KeyList")
        await hand.press("enter")
        await reach(hand, "KeyDetail")
        await look(hand, "contractor-key-by-mail")
        await hand.press("h")
        await reach(hand, "HandInScreen")
        await look(hand, "contractor-hand-in-by-mail")
        await hand.press("s")
        await reach(hand, "MailScreen")
        await look(hand, "contractor-mail")
        await hand.press("f10")
        await reach(hand, "TypedConfirm")
        await look(hand, "contractor-mail-send")


@in_both_languages
async def test_handing_in_by_mail_to_another_address(tmp_path: Path, language: str) -> None:
    held = world()
    contract = await in_force(held)
    register = await FakeRegister.signed_in(held, "contractor")
    other = "douro@city.hinokawa.example.jp"
    async with contractor(tmp_path, held, language=language) as hand:
        hand.app.push_screen(MailScreen(contract.contract_id, other))
        await reach(hand, "MailScreen")
        await look(hand, "contractor-mail-other-address")
        mail = await register.show_hand_in_mail(contract, 1, to=other)
        await register.hand_in_by_mail(contract, 1, mail, request_id=new_request_id())
        await hand.press("escape")
        hand.app.push_screen(HandInScreen(contract.contract_id))
        await reach(hand, "HandInScreen")
        await look(hand, "contractor-mail-waits")
        mail_server_refuses(held, contract.contract_id, "550 5.1.1 no such user")
        await hand.press("f5")
        await look(hand, "contractor-mail-failed")


@in_both_languages
async def test_openings(tmp_path: Path, language: str) -> None:
    held = world()
    await opened_by_others(held)
    async with contractor(tmp_path, held, language=language) as hand:
        await hand.press("2")
        await reach(hand, "KeyList")
        await hand.press("enter")
        await reach(hand, "KeyDetail")
        await hand.press("ctrl+k")
        await reach(hand, "OpeningsScreen")
        await look(hand, "contractor-openings")


async def opened_by_others(held: World) -> None:
    """The latest electronic guarantee is opened once with a wrong key, and then twice with the right one."""
    register = await FakeRegister.signed_in(held, "contractor")
    row = await register.find_contract("11250000010387")
    assert row is not None
    key = (await register.get_key(row.contract_id)).key
    city = FakeRegister(held)
    for typed in (make_key(bytes(12)), key, key):
        held.tick(timedelta(minutes=7))
        with suppress(RefusedByServer):
            await city.open_certificate("11250000010387", typed)


@in_both_languages
async def test_application(tmp_path: Path, language: str) -> None:
    async with contractor(tmp_path, language=language) as hand:
        await hand.press("1")
        await reach(hand, "ContractList")
        await hand.press("ctrl+y")
        await reach(hand, "ApplicationScreen")
        await hand.press("enter", "enter")
        await hand.until(lambda: "3,520,000" in hand.shown)
        await hand.settle()
        await look(hand, "contractor-application-works")
        await hand.press("f7")
        await hand.until(lambda: "F10" in hand.shown and "8,800,000" in hand.shown)
        await hand.settle()
        await look(hand, "contractor-application-amount")
        await hand.press("f6")
        await hand.settle()
        await look(hand, "contractor-application-people")
        await hand.press("f6")
        await hand.settle()
        await look(hand, "contractor-application-review")
        await hand.press("f10")
        await reach(hand, "TypedConfirm")
        await look(hand, "contractor-submit")


@in_both_languages
async def test_application_for_new_works(tmp_path: Path, language: str) -> None:
    async with contractor(tmp_path, language=language) as hand:
        await hand.press("1")
        await reach(hand, "ContractList")
        await hand.press("f3")
        await reach(hand, "ApplicationScreen")
        await look(hand, "contractor-application-new")
        await hand.press("left")
        await hand.settle()
        await look(hand, "contractor-application-new-works")
        await hand.press("f6")
        await hand.settle()
        await look(hand, "contractor-application-guarantee")
        await hand.press("f10")
        await hand.settle()
        await look(hand, "contractor-application-problems")


async def in_conflict(hand: Hand, held: World) -> None:
    """A colleague saves 2,000,000 while 1,000,000 is typed here."""
    draft = next(one for one in held.contracts.values() if one.state == "DRAFT")
    await hand.press("1")
    await reach(hand, "ContractList")
    await hand.press("enter")
    await reach(hand, "ApplicationScreen")
    await hand.press("f6", "f6", "end", *["backspace"] * 12)
    await hand.paste("1000000")
    colleague = await FakeRegister.signed_in(held, "colleague")
    theirs = replace(draft.application, amount_yen=2_000_000)
    await colleague.update_contract(draft, theirs, request_id="00000000-0000-4000-8000-000000000011")
    await hand.press("ctrl+s")
    await reach(hand, "PickDialog")


@in_both_languages
async def test_two_editors(tmp_path: Path, language: str) -> None:
    held = world()
    await drafted(held)
    async with contractor(tmp_path, held, language=language) as hand:
        await in_conflict(hand, held)
        await look(hand, "contractor-conflict")
        await hand.press("enter")
        await reach(hand, "ConflictScreen")
        await look(hand, "contractor-conflict-compared")


@in_both_languages
async def test_a_returned_application(tmp_path: Path, language: str) -> None:
    held = world()
    contract = await submitted(held)
    guarantor = await FakeRegister.signed_in(held, "deputy")
    remarks = (
        Remark("application.works.name", "契約書の工事名と違います。"),
        Remark("", "工程表も添付してください。"),
    )
    request_id = "00000000-0000-4000-8000-000000000004"
    returned = await guarantor.return_contract(contract, remarks, request_id=request_id)
    async with contractor(tmp_path, held, language=language) as hand:
        await hand.press("1")
        await reach(hand, "ContractList")
        await hand.press("/")
        await hand.paste(returned.contract_number)
        await hand.until(lambda: "1 / 1" in hand.shown or "1 of 1 " in hand.shown)
        await hand.press("enter", "enter")
        await reach(hand, "HistoryScreen")
        await look(hand, "contractor-history-returned")
        await hand.press("ctrl+e")
        await reach(hand, "ApplicationScreen")
        await look(hand, "contractor-application-returned")
