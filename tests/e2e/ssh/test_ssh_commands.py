"""Plain commands over SSH: the bytes of a document and nothing else, errors where they belong, no other command."""

import hashlib

import pytest

from tests.e2e.ssh.site import CONTRACTOR, OFFICER, UNDERWRITER, Site

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("ssh")]


async def test_a_notice_comes_out_as_its_bytes_and_nothing_else(site: Site) -> None:
    code, out, errors = await site.run(CONTRACTOR, f"get notice {site.issued.number}")
    assert (code, errors) == (0, "")
    assert out.startswith(b"%PDF-") and out.rstrip().endswith(b"%%EOF")
    # Twice the same day it is the same file: nothing on the way has touched it.
    assert (await site.run(CONTRACTOR, f"get notice {site.issued.number}"))[1] == out


async def test_a_certificate_is_the_issued_file_for_both_parties(site: Site) -> None:
    wanted = (await site.play.open(site.issued.number, site.issued.key)).certificate.pdf_sha256
    for user in (CONTRACTOR, UNDERWRITER):
        for option in ("", " --version 1"):
            code, out, errors = await site.run(user, f"get certificate {site.issued.number}{option}")
            assert (code, errors) == (0, "")
            assert hashlib.sha256(out).hexdigest() == wanted


async def test_a_contract_is_shown_in_the_language_that_was_asked_for(site: Site) -> None:
    command = f"get contract {site.issued.number}"
    japanese = await site.run(CONTRACTOR, command, environment={"LANG": "ja_JP.UTF-8"})
    english = await site.run(CONTRACTOR, command, environment={"LANG": "en_US.UTF-8"})
    chosen = await site.run(CONTRACTOR, f"{command} --lang en", environment={"LANG": "ja_JP.UTF-8"})
    assert "保証契約番号" in japanese[1].decode()
    assert "Contract number" in english[1].decode()
    assert chosen[1] == english[1]


async def test_somebody_without_an_account_gets_a_certificate_by_its_key(site: Site) -> None:
    command = f"get certificate {site.issued.number} --with-key"
    code, out, errors = await site.run("city", command, input=site.issued.key.encode() + b"\n")
    assert (code, errors) == (0, "")
    opened = await site.play.open(site.issued.number, site.issued.key)
    assert hashlib.sha256(out).hexdigest() == opened.certificate.pdf_sha256


async def test_an_officer_gets_a_certificate_by_its_key_too(site: Site) -> None:
    command = f"get certificate {site.issued.number} --with-key"
    code, out, _ = await site.run(OFFICER, command, input=site.issued.key.encode())
    assert code == 0 and out.startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("user", "command", "sent", "code", "told"),
    [
        (CONTRACTOR, "get notice 11260000000010", b"", 4, "検査数字が合いません"),
        (CONTRACTOR, "get notice ../../etc/passwd", b"", 4, "入力誤りがあります|数字ではありません"),
        (CONTRACTOR, "get notice /etc/passwd", b"", 4, "数字ではありません"),
        (CONTRACTOR, "get notice $(id)", b"", 4, "数字ではありません"),
        (CONTRACTOR, "get notice '..'", b"", 4, "数字ではありません"),
        (CONTRACTOR, "get notice 01260000000010", b"", 4, "検査数字が合いません"),
        (CONTRACTOR, "get attachment {number}", b"", 3, "添付書類はありません"),
        (CONTRACTOR, "get certificate {number} --version 7", b"", 3, "見つかりません|発行されていません"),
        (OFFICER, "get notice {number}", b"", 3, "権限がありません"),
        (UNDERWRITER, "get notice {number}", b"", 3, "権限がありません"),
        ("city", "get notice {number}", b"", 3, "--with-key"),
        ("city", "get certificate {number}", b"", 3, "--with-key"),
        ("city", "get certificate {number} --with-key", b"0123", 4, "認証キーは20文字です"),
        ("city", "get certificate {number} --with-key", b"\n", 4, "認証キーが入力されていません"),
    ],
)  # fmt: skip
async def test_what_goes_wrong_is_said_on_standard_error_with_its_exit_code(
    site: Site, user: str, command: str, sent: bytes, code: int, told: str
) -> None:
    found = await site.run(user, command.format(number=site.issued.number), input=sent)
    assert found[:2] == (code, b"")
    assert any(part in found[2] for part in told.split("|")), found[2]
    assert "Traceback" not in found[2]


@pytest.mark.parametrize(
    "command",
    [
        "sh -c 'id'",
        "bash",
        "scp -f /etc/passwd",
        "scp -t /tmp",
        "/usr/lib/openssh/sftp-server",
        "rsync --server .",
        "get",
        "get notice",
        "get notice 1 2",
        "get secrets {number}",
        "list",
        "open {number}",
        "ssh-host --settings",
        "get notice {number}; id",
        "get notice {number} && id",
        "get notice {number} | cat",
        "get notice {number} > /tmp/x",
        "get notice {number} --out /tmp/x",
        "get certificate {number} --out=/tmp/x --force",
        "get notice {number} --server unix:/tmp/x",
        "get notice {number} --ca /etc/passwd",
        "get contract {number} --json",
        "get -- notice {number}",
        "get certificate {number} --version -1",
        "get certificate {number} --version",
        "get notice '{number}",
        "get notice {number}\n id",
        "get notice \x1b[2J",
        "x" * 20_000,
    ],
)
async def test_no_other_command_runs(site: Site, command: str) -> None:
    before = len(site.host.events("session.begin"))
    code, out, errors = await site.run(CONTRACTOR, command.format(number=site.issued.number))
    assert (code, out) == (2, b"")
    assert errors.count("\n") == 1 and "get notice" in errors
    assert "\x1b" not in errors and "id" not in errors.split()
    # Not even a process was made for it.
    assert len(site.host.events("session.begin")) == before


async def test_a_command_needs_no_terminal_and_works_on_one(site: Site) -> None:
    async with await site.as_(CONTRACTOR) as connection:
        done = await connection.run(
            f"get contract {site.issued.number}", term_type="xterm", encoding=None, env={"LANG": "en"}
        )
    assert done.exit_status == 0 and b"Contract number" in (done.stdout or b"")


async def test_what_is_logged_of_a_command_is_its_kind_alone(site: Site) -> None:
    await site.run(CONTRACTOR, f"get notice {site.issued.number}")
    lines = site.host.events("session.end")
    assert lines[-1]["what"] == "get notice"
    assert {"user", "source", "seconds", "code"} <= lines[-1].keys()
    assert site.issued.number not in str(site.host.log)
