"""The client's screens over SSH: from connecting to the saved notice, the visitor's viewer, and any terminal."""

import shlex

import pytest

from tests.e2e.ssh.site import CONTRACTOR, UNDERWRITER, Site, inside

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("ssh")]


async def test_from_connecting_to_the_saved_notice(site: Site) -> None:
    """The strokes of the client's own tests: 電子保証（認証キー）, the contract, 印刷."""
    async with site.screen(CONTRACTOR) as screen:
        await screen.until("メニュー", "電子保証（認証キー）", "ssh.example.jp")
        screen.types("2")
        await screen.until(site.issued.number)
        screen.types("\r")
        await screen.until("認証キーの提出方法")
        screen.types("p")
        await screen.until("お手元のコンピューターで実行するコマンド", "ssh ", ".pdf")
        shown = " ".join(inside(screen.text))
        command = shown[shown.index("ssh ") : shown.index(".pdf") + 4]
        screen.types("\x1b")
        await screen.until("提出")
        screen.types("\x11")
        assert await screen.ends() == 0
    words = shlex.split(command)
    assert words[:4] == ["ssh", "-p", str(site.host.port), f"{CONTRACTOR}@ssh.example.jp"] or words[1] == "-p"
    asked = " ".join(words[words.index("get") : words.index(">")])
    code, out, errors = await site.run(CONTRACTOR, asked)
    assert (code, errors) == (0, "")
    assert out.startswith(b"%PDF-") and out == (await site.run(CONTRACTOR, asked))[1]


async def test_the_terminal_is_left_as_it_was(site: Site) -> None:
    async with site.screen(CONTRACTOR) as screen:
        await screen.until("メニュー")
        screen.types("\x11")
        assert await screen.ends() == 0
        assert bytes(screen.raw).rfind(b"\x1b[?1049l") > bytes(screen.raw).rfind(b"\x1b[?1049h") > -1
        assert b"\x1b[>25u" not in screen.raw and b"\x1b[>1u" not in screen.raw


async def test_signing_out_is_the_way_out(site: Site) -> None:
    async with site.screen(UNDERWRITER) as screen:
        await screen.until("メニュー")
        screen.types("\x10")
        await screen.until("操作一覧")
        screen.types("ログアウト")
        await screen.until("> ログアウト")
        screen.types("\r")
        assert await screen.ends() == 0


async def test_the_visitor_sees_nothing_but_the_viewer(site: Site) -> None:
    async with site.screen("city", columns=100) as screen:
        await screen.until("電子証書の閲覧", "保証契約番号")
        assert "パスワード" not in screen.text and "メニュー" not in screen.text
        # Neither back, nor the menu, nor the palette leads anywhere else.
        screen.types("\x1b[20~")
        screen.types("\x10")
        await screen.until("操作一覧", "電子証書の閲覧を開く")
        # The viewer, and the guide, which anybody may read.
        offered = [line for line in inside(screen.text) if line.endswith("を開く")]
        assert len(offered) == 2 and "ログアウト" not in screen.text
        screen.types("\x1b")
        await screen.gone("電子証書の閲覧を開く")
        screen.types(f"\x1b[200~{site.issued.number}\n{site.issued.key}\x1b[201~")
        await screen.until("1126-0000-")
        screen.types("\x1b[21~")
        await screen.until("真正です。現在有効な版です。", "被保証者")
        # What the city saves it gets by number and key.
        screen.types("p")
        await screen.until("get certificate", "--with-key")
        screen.types("\x1b")
        await screen.gone("--with-key")
        screen.types("\x11")
        assert await screen.ends() == 0


async def test_openings_are_recorded_with_the_place_that_the_city_came_from(site: Site) -> None:
    command = f"get certificate {site.issued.number} --with-key"
    async with await site.as_("city", source="127.0.0.77") as connection:
        done = await connection.run(command, input=site.issued.key.encode(), encoding=None)
    assert done.exit_status == 0
    peers = await site.world.running.register.kit.store.read(
        lambda view: [row.peer for row in view.openings.of_number(site.issued.number, 50)]
    )
    assert "127.0.0.77" in peers


async def test_it_lives_through_any_window(site: Site) -> None:
    async with site.screen(CONTRACTOR, columns=1, lines=1) as screen:
        await screen.when(lambda: b"\x1b[?1049h" in screen.raw, "a first frame")
        for columns, lines in (
            (1, 1),
            (2, 500),
            (10_000, 1),
            (0, 0),
            (4_294_967_295, 4_294_967_295),
            (80, 24),
        ):
            screen.process.change_terminal_size(columns, lines)
        screen.emulator.resize(24, 80)
        await screen.until("メニュー", "保証契約一覧")
        screen.types("\x11")
        assert await screen.ends() == 0


async def test_a_window_that_says_no_size_has_the_usual_one(site: Site) -> None:
    async with site.screen(CONTRACTOR, columns=80, lines=24) as screen:
        await screen.until("メニュー")
    async with await site.as_(CONTRACTOR) as connection:
        process = await connection.create_process(term_type="xterm", term_size=(0, 0), encoding=None)
        shown = b""
        while "確か Tashika".encode() not in shown:
            shown += await process.stdout.read(4096)
        process.stdin.write(b"\x11")


@pytest.mark.parametrize("term", ["dumb", ""])
async def test_a_terminal_that_can_not_place_a_cursor_is_refused_in_a_sentence(site: Site, term: str) -> None:
    async with await site.as_(CONTRACTOR) as connection:
        process = await connection.create_process(
            term_type=term or "dumb", term_size=(80, 24), encoding=None, env={"LANG": "ja_JP.UTF-8"}
        )
        shown = await process.stdout.read()
    assert process.exit_status == 2
    assert "この端末では画面を表示できません" in shown.decode()
    assert b"\x1b[?1049h" not in shown


async def test_without_a_terminal_there_are_no_screens(site: Site) -> None:
    async with await site.as_(CONTRACTOR) as connection:
        done = await connection.run(None, encoding=None)
    assert done.exit_status == 2
    assert isinstance(done.stderr, bytes) and "端末が必要です" in done.stderr.decode()


async def test_the_language_and_the_colours_are_the_clients(site: Site) -> None:
    environment = {"LANG": "en_US.UTF-8", "NO_COLOR": "1"}
    async with site.screen(CONTRACTOR, environment=environment) as screen:
        await screen.until("Menu", "Guarantee contracts")
        for sequence in (b"[38;", b"[48;", b";38;", b";48;"):
            assert sequence not in screen.raw
        screen.types("\x11")
        await screen.ends()


async def test_what_is_typed_before_the_screens_are_there_is_not_lost(site: Site) -> None:
    async with site.screen("city") as screen:
        screen.types(site.issued.number)
        await screen.until(site.issued.number)
        # Nor is it echoed by the terminal before the client shows it.
        assert bytes(screen.raw).find(site.issued.number.encode()) > bytes(screen.raw).find(b"\x1b[?1049h")


async def test_a_key_typed_before_the_menu_is_there_leads_where_it_would_have_led(site: Site) -> None:
    async with site.screen(CONTRACTOR) as screen:
        # The list, and its first row, which the register has to give first.
        screen.types("2\r")
        await screen.until(site.issued.number, "認証キーの提出方法")
        screen.types("\x11")
        assert await screen.ends() == 0
