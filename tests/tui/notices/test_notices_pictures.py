"""How the screens of notices look, in every variant."""

from pathlib import Path

from tashika_tui.client.fake import FakeRegister
from tests.tui.contractor.playing import contractor, reach
from tests.tui.notices.telling import WEEK, notices_of, told
from tests.tui.notices.test_notice_settings import by_mail, to_the_settings
from tests.tui.notices.test_notices_list import to_the_notices
from tests.tui.snapshots import Variant, check, in_every_variant


@in_every_variant
async def test_of_a_contractor(tmp_path: Path, variant: Variant) -> None:
    held, _ = await told(*WEEK, "OPENED", "ISSUED")
    register = await FakeRegister.signed_in(held, "contractor")
    third = notices_of(held, "contractor")[3]
    await register.mark_read(up_to=third.notice_id, request_id="00000000-0000-4000-8000-000000000001")
    await by_mail(held)
    looks = {"size": variant.size, "language": variant.language, "theme": variant.theme}
    async with contractor(tmp_path, held, **looks) as hand:
        await hand.until(lambda: hand.app.unread == 3)
        await hand.settle()
        check(hand, "menu-unread")
        await to_the_notices(hand)
        check(hand, "notices")
        await hand.press("escape")
        await reach(hand, "MenuScreen")
        await to_the_settings(hand)
        check(hand, "notice-settings")


@in_every_variant
async def test_of_a_guarantor(tmp_path: Path, variant: Variant) -> None:
    held, _ = await told(*WEEK)
    looks = {"size": variant.size, "language": variant.language, "theme": variant.theme}
    async with contractor(tmp_path, held, login_name="approver", **looks) as hand:
        await to_the_notices(hand)
        check(hand, "notices-guarantor")
