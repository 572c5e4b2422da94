"""Which kinds of notices come by mail too."""

from dataclasses import replace
from pathlib import Path

from tashika_tui.client.fake import FakeRegister, World
from tashika_tui.client.records import NOTICE_KINDS, NoticePreferences
from tashika_tui.screens.shared.notice_settings import NoticeSettingsScreen
from tashika_tui.screens.shared.notices import NoticesScreen
from tests.tui.contractor.playing import contractor, reach, world
from tests.tui.notices.telling import told
from tests.tui.notices.test_notices_list import to_the_notices
from tests.tui.running import Hand


async def to_the_settings(hand: Hand) -> NoticeSettingsScreen:
    if not isinstance(hand.app.screen, NoticesScreen):
        await to_the_notices(hand)
    await hand.press("M")
    await reach(hand, "NoticeSettingsScreen")
    await hand.until(lambda: hand.app.screen.query("Form"))
    await hand.settle()
    screen = hand.app.screen
    assert isinstance(screen, NoticeSettingsScreen)
    return screen


async def kept(held: World, login_name: str = "contractor") -> NoticePreferences:
    """What the register knows of somebody's wishes."""
    return await (await FakeRegister.signed_in(held, login_name)).get_notice_preferences()


async def by_mail(held: World) -> World:
    """A register that does send mail."""
    held.preferences[held.people["contractor"].user_id] = replace(await kept(held), mail_off=False)
    return held


async def test_there_is_a_line_for_each_kind_that_a_contractor_can_get(tmp_path: Path) -> None:
    held = await by_mail(world())
    async with contractor(tmp_path, held) as hand:
        await to_the_settings(hand)
        assert "contractor@example.jp" in hand.shown
        for words in ("電子保証発行完了", "申込みの承諾", "申込みの差戻し", "申込みの謝絶", "認証キーの提出"):
            assert words in hand.shown
        assert hand.shown.count("メールでも受け取る") == len(NOTICE_KINDS)


async def test_the_guarantor_is_asked_of_fewer_kinds(tmp_path: Path) -> None:
    async with contractor(tmp_path, login_name="underwriter") as hand:
        await to_the_settings(hand)
        assert "申込みの承諾" not in hand.shown and "電子保証発行完了" not in hand.shown
        assert hand.shown.count("メールでも受け取る") == 4


async def test_what_was_chosen_is_kept_and_shown_the_next_time(tmp_path: Path) -> None:
    held = await by_mail(world())
    async with contractor(tmp_path, held) as hand:
        await to_the_settings(hand)
        # From the language to the first kind, issued; and from 日本語 to English.
        await hand.press("right", "down", "right")
        await hand.press("f10")
        await reach(hand, "NoticesScreen")
        found = await kept(held)
        assert found.language == "en"
        assert [kind for kind, mail in found.mails if not mail] == ["ISSUED"]
        await hand.press("M")
        await reach(hand, "NoticeSettingsScreen")
        await hand.until(lambda: hand.shown.count("メールでも受け取る") == len(NOTICE_KINDS) - 1)
        assert "画面だけ" in next(line for line in hand.lines if "電子保証発行完了" in line)
        assert "英語" in next(line for line in hand.lines if "メールの言語" in line)


async def test_leaving_without_keeping_asks_and_changes_nothing(tmp_path: Path) -> None:
    held = await by_mail(world())
    async with contractor(tmp_path, held) as hand:
        await to_the_settings(hand)
        await hand.press("right", "escape")
        await reach(hand, "Confirm")
        await hand.press("escape")
        await reach(hand, "NoticeSettingsScreen")
        assert (await kept(held)).language == "ja"


async def test_a_choice_that_somebody_else_changed_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    held = await by_mail(world())
    async with contractor(tmp_path, held) as hand:
        await to_the_settings(hand)
        elsewhere = await FakeRegister.signed_in(held, "contractor")
        there = replace(await kept(held), language="en")
        await elsewhere.set_notice_preferences(there, request_id="00000000-0000-4000-8000-000000000009")
        await hand.press("down", "right", "f10")
        await reach(hand, "ErrorDialog")
        assert (await kept(held)).mails == there.mails


async def test_a_register_without_mail_says_so(tmp_path: Path) -> None:
    held = world()
    held.sends_mail = False
    async with contractor(tmp_path, held) as hand:
        await to_the_settings(hand)
        assert "この登録簿はメールを送りません" in hand.words


async def test_a_person_without_an_address_is_told_whom_to_ask(tmp_path: Path) -> None:
    held = await by_mail(world())
    user_id = held.people["contractor"].user_id
    held.preferences[user_id] = replace(held.preferences[user_id], mail="")
    async with contractor(tmp_path, held) as hand:
        await to_the_settings(hand)
        assert "メールアドレスが登録されていません" in hand.words and "運営者" in hand.words


async def test_a_kind_of_a_newer_register_stays_as_it_was(tmp_path: Path) -> None:
    held, _ = await told("ISSUED")
    user_id = held.people["contractor"].user_id
    present = await kept(held)
    held.preferences[user_id] = replace(present, mails=(*present.mails, ("SOMETHING_NEW", False)))
    async with contractor(tmp_path, held) as hand:
        await to_the_settings(hand)
        assert "SOMETHING_NEW" not in hand.shown
        await hand.press("right", "f10")
        await reach(hand, "NoticesScreen")
        assert ("SOMETHING_NEW", False) in (await kept(held)).mails
