"""How the screens of notices look, in both languages, sizes and looks."""

from dataclasses import replace
from pathlib import Path

from tashika_tui.client.fake import FakeRegister
from tests.tui.contractor.playing import contractor, reach, world
from tests.tui.notices.telling import WEEK, notices_of, told
from tests.tui.notices.test_notice_settings import by_mail, kept, to_the_settings
from tests.tui.notices.test_notices_list import to_the_notices
from tests.tui.snapshots import in_both_languages, look


@in_both_languages
async def test_of_a_contractor(tmp_path: Path, language: str) -> None:
    held, _ = await told(*WEEK, "OPENED", "ISSUED")
    register = await FakeRegister.signed_in(held, "contractor")
    third = notices_of(held, "contractor")[3]
    await register.mark_read(up_to=third.notice_id, request_id="00000000-0000-4000-8000-000000000001")
    async with contractor(tmp_path, held, language=language) as hand:
        await hand.until(lambda: hand.app.unread == 3)
        await look(hand, "menu-unread")
        await to_the_notices(hand)
        await look(hand, "notices")
        await hand.press("f4")
        await hand.until(lambda: hand.shown.count("電子証書の閲覧" if language == "ja" else "opened") == 1)
        await look(hand, "notices-unread")


@in_both_languages
async def test_of_a_guarantor(tmp_path: Path, language: str) -> None:
    held, _ = await told(*WEEK)
    async with contractor(tmp_path, held, login_name="approver", language=language) as hand:
        await to_the_notices(hand)
        await look(hand, "notices-guarantor")
        await to_the_settings(hand)
        await look(hand, "notice-settings-guarantor")


@in_both_languages
async def test_of_a_list_without_notices(tmp_path: Path, language: str) -> None:
    async with contractor(tmp_path, language=language) as hand:
        await to_the_notices(hand)
        await look(hand, "notices-empty")


@in_both_languages
async def test_of_the_settings(tmp_path: Path, language: str) -> None:
    held = await by_mail(world())
    user_id = held.people["contractor"].user_id
    present = await kept(held)
    mails = tuple((kind, kind != "HANDED_IN") for kind, _ in present.mails)
    held.preferences[user_id] = replace(present, mails=mails)
    async with contractor(tmp_path, held, language=language) as hand:
        await to_the_settings(hand)
        await look(hand, "notice-settings")
        await hand.press("escape")
        await reach(hand, "NoticesScreen")
        held.preferences[user_id] = replace(present, mail="")
        await hand.press("M")
        await reach(hand, "NoticeSettingsScreen")
        await look(hand, "notice-settings-no-address")
