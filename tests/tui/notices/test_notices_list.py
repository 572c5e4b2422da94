"""お知らせ: what happened to a person's contracts, live, read or unread."""

from pathlib import Path

from tashika_tui.client.fake.noticing import tell
from tashika_tui.screens.shared.notices import NoticesScreen
from tests.tui.contractor.playing import contractor, reach, world
from tests.tui.notices.telling import WEEK, in_force, told, unread_of
from tests.tui.running import Hand

# Where the first line of the list stands, below breadcrumbs, the count and the headings.
FIRST = 3


async def to_the_notices(hand: Hand) -> NoticesScreen:
    await hand.app.push_screen(NoticesScreen())
    await reach(hand, "NoticesScreen")
    screen = hand.app.screen
    assert isinstance(screen, NoticesScreen)
    return screen


def rows(hand: Hand) -> list[str]:
    """The lines of the list that have a notice in them."""
    return [line for line in hand.lines[FIRST:] if "未読 " in line[:12] or "既読 " in line[:12]]


async def test_the_newest_stands_first_and_says_whether_it_was_read(tmp_path: Path) -> None:
    held, contract = await told("ACCEPTED", "ISSUED")
    async with contractor(tmp_path, held) as hand:
        await to_the_notices(hand)
        first, second = rows(hand)
        assert "未読" in first and "電子保証発行完了" in first and contract.contract_number in first
        assert "未読" in second and "申込みの承諾" in second
        assert "未読 2件" in hand.lines[1]
        assert "認証キーを受け取り、発注者へ提出してください" in hand.words


async def test_a_new_notice_comes_into_the_list_by_itself(tmp_path: Path) -> None:
    held, contract = await told("ACCEPTED")
    async with contractor(tmp_path, held) as hand:
        await to_the_notices(hand)
        tell(held, "ISSUED", contract)
        await hand.until(lambda: len(rows(hand)) == 2 and "未読 2件" in hand.lines[1])
        assert "電子保証発行完了" in rows(hand)[0]


async def test_what_comes_leaves_the_cursor_on_its_notice(tmp_path: Path) -> None:
    held, contract = await told("ACCEPTED", "ISSUED")
    async with contractor(tmp_path, held) as hand:
        screen = await to_the_notices(hand)
        await hand.press("down")
        tell(held, "OPENED", contract)
        await hand.until(lambda: len(rows(hand)) == 3)
        assert screen.list.row is not None and screen.list.row.kind == "ACCEPTED"
        assert "保証料を期限までに" in hand.words


async def test_enter_opens_the_contract_and_has_read_the_notice(tmp_path: Path) -> None:
    held, contract = await told("ACCEPTED", "ISSUED")
    async with contractor(tmp_path, held) as hand:
        await to_the_notices(hand)
        await hand.press("enter")
        await reach(hand, "HistoryScreen")
        assert contract.contract_number in hand.shown
        assert unread_of(held, "contractor") == ["ACCEPTED"]
        await hand.press("escape")
        await reach(hand, "NoticesScreen")
        await hand.until(lambda: "未読 1件" in hand.lines[1])
        assert "既読" in rows(hand)[0] and "未読" in rows(hand)[1]


async def test_the_guarantor_comes_to_the_review_of_the_contract(tmp_path: Path) -> None:
    held, contract = await told("HANDED_IN", "KEY_REISSUED")
    async with contractor(tmp_path, held, login_name="approver") as hand:
        await to_the_notices(hand)
        assert "再発行したことを発注者へ知らせてください" in hand.words
        await hand.press("enter")
        await reach(hand, "ReviewScreen")
        assert contract.contract_number in hand.shown
        assert unread_of(held, "approver") == ["HANDED_IN"]
        assert unread_of(held, "contractor") == ["KEY_REISSUED", "HANDED_IN"]


async def test_one_notice_is_marked_without_opening_it(tmp_path: Path) -> None:
    held, _ = await told("ACCEPTED", "ISSUED")
    async with contractor(tmp_path, held) as hand:
        screen = await to_the_notices(hand)
        await hand.press("down", "f8")
        await hand.until(lambda: "未読 1件" in hand.lines[1])
        assert unread_of(held, "contractor") == ["ISSUED"]
        assert "既読" in rows(hand)[1]
        # A second time there is nothing to mark, and nothing is asked of the register.
        assert screen.check_action("mark_read", ()) is False
        await hand.press("f8")
        assert unread_of(held, "contractor") == ["ISSUED"]


async def test_all_are_marked_up_to_what_the_register_had(tmp_path: Path) -> None:
    held, contract = await told(*WEEK)
    async with contractor(tmp_path, held) as hand:
        await to_the_notices(hand)
        await hand.press("shift+f8")
        await hand.until(lambda: "未読 0件" in hand.lines[1])
        assert unread_of(held, "contractor") == []
        assert not any("未読" in row for row in rows(hand))
        assert "すべて既読にしました" in hand.words
        tell(held, "OPENED", contract)
        await hand.until(lambda: "未読 1件" in hand.lines[1])
        assert unread_of(held, "contractor") == ["OPENED"]


async def test_only_what_is_unread_is_shown_and_everything_again(tmp_path: Path) -> None:
    held, _ = await told("ACCEPTED", "ISSUED", "OPENED")
    async with contractor(tmp_path, held) as hand:
        await to_the_notices(hand)
        await hand.press("f8")
        await hand.until(lambda: "未読 2件" in hand.lines[1])
        await hand.press("f4")
        await hand.until(lambda: len(rows(hand)) == 2)
        assert "未読のお知らせ" in hand.lines[1]
        assert not any("電子証書の閲覧" in row for row in rows(hand))
        await hand.press("f4")
        await hand.until(lambda: len(rows(hand)) == 3)
        assert "すべてのお知らせ" in hand.lines[1]


async def test_a_list_without_notices_says_so(tmp_path: Path) -> None:
    async with contractor(tmp_path) as hand:
        screen = await to_the_notices(hand)
        assert "お知らせはありません" in hand.shown
        assert screen.check_action("mark_all_read", ()) is False
        await hand.press("f8", "shift+f8", "enter")
        assert isinstance(hand.app.screen, NoticesScreen)


async def test_menu_and_status_line_count_what_is_unread(tmp_path: Path) -> None:
    held, contract = await told("ACCEPTED", "ISSUED")
    async with contractor(tmp_path, held) as hand:
        await hand.until(lambda: "お知らせ（未読 2件）" in hand.shown)
        assert "未読のお知らせ 2件" in hand.shown
        tell(held, "OPENED", contract)
        await hand.until(lambda: "お知らせ（未読 3件）" in hand.shown and "未読のお知らせ 3件" in hand.shown)
        await to_the_notices(hand)
        await hand.press("shift+f8")
        await hand.until(lambda: "未読 0件" in hand.lines[1])
        await hand.press("escape")
        await reach(hand, "MenuScreen")
        await hand.until(lambda: "未読" not in hand.shown)


async def test_who_signs_in_next_sees_no_count_of_somebody_else(tmp_path: Path) -> None:
    held, _ = await told("ACCEPTED", "ISSUED")
    async with contractor(tmp_path, held) as hand:
        await hand.until(lambda: "未読のお知らせ 2件" in hand.shown)
        hand.app.leave()
        await reach(hand, "LoginScreen")
        assert "未読" not in hand.shown and hand.app.unread == 0


async def test_a_kind_that_only_a_newer_register_has_is_shown_by_its_name(tmp_path: Path) -> None:
    held, contract = await told("SOMETHING_NEW")
    async with contractor(tmp_path, held) as hand:
        await to_the_notices(hand)
        assert "SOMETHING_NEW" in rows(hand)[0]
        await hand.press("enter")
        await reach(hand, "HistoryScreen")
        assert contract.contract_number in hand.shown


async def test_a_long_list_is_read_page_by_page_to_its_end(tmp_path: Path) -> None:
    held, _ = await told("ACCEPTED", *("OPENED",) * 300)
    async with contractor(tmp_path, held) as hand:
        await to_the_notices(hand)
        await hand.press("end")
        await hand.until(lambda: "申込みの承諾" in hand.shown)
        await hand.press("f8")
        await hand.until(lambda: len(unread_of(held, "contractor")) == 300)


async def test_the_help_says_what_the_keys_do(tmp_path: Path) -> None:
    held, _ = await told("ISSUED")
    async with contractor(tmp_path, held, size=(120, 60)) as hand:
        await to_the_notices(hand)
        await hand.press("f1")
        await hand.until(lambda: "400日間" in hand.words)
        for words in ("既読にする", "すべて既読", "未読だけ", "メールの設定"):
            assert words in hand.words


async def test_a_notice_of_the_first_contract_names_its_works(tmp_path: Path) -> None:
    held = world()
    contract = await in_force(held)
    tell(held, "ISSUED", contract)
    assert contract.terms is not None and contract.terms.works is not None
    async with contractor(tmp_path, held) as hand:
        await to_the_notices(hand)
        assert "".join(contract.terms.works.name.split()) in hand.words
