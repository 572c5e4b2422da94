"""`tashika open`."""

import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import grpc
import pytest

from tashika_formats.key import format_key
from tests.unit.formats.issued import NUMBER, issue, issued
from tests.unit.tui.person import Person
from tests.unit.tui.register import KEY, FakeRegister, Refusal, serving

WRONG_KEY = KEY[:-2] + KEY[-1] + KEY[-2]


def test_a_certificate_is_shown_in_japanese_with_era_dates_and_amounts(person: Person) -> None:
    seen = person.types("open", NUMBER)
    assert (seen.code, seen.err) == (0, "")
    assert "金 12,870,000 円" in seen.out
    assert "令和7年12月26日" in seen.out
    assert "葛\U000e0101城" in seen.out
    assert "第1版" in seen.out
    assert "有効" in seen.out


def test_a_certificate_is_shown_in_english(person: Person) -> None:
    seen = person.types("--lang", "en", "open", NUMBER)
    assert "JPY 12,870,000" in seen.out
    assert "2025-12-26" in seen.out
    assert "in force" in seen.out


def test_the_key_is_asked_for_and_never_shown(person: Person) -> None:
    seen = person.types("open", NUMBER)
    assert seen.prompts == ["認証キー（表示されません）: "]
    assert KEY not in seen.out + seen.err
    assert format_key(KEY) not in seen.out + seen.err


def test_the_key_comes_from_standard_input(person: Person, register: FakeRegister) -> None:
    typed = format_key(KEY).lower().replace("-", "ー")
    seen = person.types("open", NUMBER, "-", stdin=f"\ufeff {typed}\r\nmore".encode())
    assert seen.code == 0
    assert seen.prompts == []
    assert register.asked("OpenCertificate")[0].key == KEY


@pytest.mark.parametrize(
    "arguments",
    [[NUMBER, KEY], [NUMBER, "-", KEY], [NUMBER, *format_key(KEY).split("-")], [KEY], [NUMBER, "abc"]],
)
def test_a_key_as_an_argument_is_refused_with_the_reason(
    person: Person, register: FakeRegister, arguments: list[str]
) -> None:
    seen = person.types("open", *arguments)
    assert seen.code == 2
    assert "履歴" in seen.err
    assert KEY not in seen.err
    assert register.calls == []


def test_an_option_that_does_not_exist_is_not_repeated_with_its_value(person: Person) -> None:
    seen = person.types("open", NUMBER, f"--key={KEY}")
    assert seen.code == 2
    assert "--key" in seen.err
    assert KEY not in seen.err


@pytest.mark.parametrize(
    "number", ["", "123", NUMBER[:-1] + str((int(NUMBER[-1]) + 1) % 10), "1" * 500, "0x" * 7]
)
def test_a_typing_error_in_the_number_is_told_without_asking(
    person: Person, register: FakeRegister, number: str
) -> None:
    seen = person.types("open", number)
    assert (seen.code, seen.prompts, register.calls) == (4, [], [])
    assert "保証契約番号" in seen.err


@pytest.mark.parametrize("key", ["", "ABC", WRONG_KEY, KEY[:-1] + "?", "X" * 100_000])
def test_a_typing_error_in_the_key_is_told_without_asking(
    person: Person, register: FakeRegister, key: str
) -> None:
    person.answers = [key]
    seen = person.types("open", NUMBER)
    assert (seen.code, register.calls) == (4, [])
    assert "認証キー" in seen.err
    assert not key or key not in seen.err


def test_the_place_of_a_wrong_character_is_told(person: Person) -> None:
    person.answers = [KEY[:5] + "?" + KEY[6:]]
    assert "2番目の組の2文字目" in person.types("open", NUMBER).err


def test_without_a_terminal_nobody_is_asked(person: Person) -> None:
    person.terminal = False
    seen = person.types("open", NUMBER)
    assert seen.code == 2
    assert "標準入力" in seen.err


def test_a_wrong_pair_is_refused_in_the_words_of_the_server(person: Person) -> None:
    person.answers = ["0" * 20]
    seen = person.types("open", NUMBER)
    assert seen.code == 3
    sentence, step = "番号と認証キーの組み合わせでは開けません。", "お知らせの番号とキーを確かめてください。"
    assert seen.err == f"エラー: {sentence} {step} [WRONG_NUMBER_OR_KEY]\n"


def test_json_has_the_signed_statement_and_no_secret(person: Person) -> None:
    seen = person.types("open", NUMBER, "--json")
    assert seen.json["statement"]["guaranteed_amount_yen"] == 12_870_000
    assert seen.json["statement"]["product"] == "PERFORMANCE"
    assert seen.json["contract_state"] == "IN_FORCE"
    assert seen.json["versions"][0]["issue_date"] == "2025-12-26"
    assert "vwt_" not in seen.out


def test_the_pdf_is_verified_and_saved_for_the_owner_alone(person: Person, tmp_path: Path) -> None:
    target = tmp_path / "証書.pdf"
    seen = person.types("open", NUMBER, "--pdf", str(target))
    assert seen.code == 0, seen.err
    assert target.read_bytes() == issued().pdf
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert "真正です。" in seen.out
    assert list(tmp_path.glob(".*")) == []


def test_the_viewing_token_and_no_session_downloads(
    person: Person, register: FakeRegister, tmp_path: Path
) -> None:
    person.types("open", NUMBER, "--pdf", str(tmp_path / "a.pdf"))
    assert register.asked("DownloadCertificate")[0].contract_id == ""
    assert "authorization" not in register.metadata("DownloadCertificate")


def test_a_file_that_is_there_is_kept_before_anything_is_asked(
    person: Person, register: FakeRegister, tmp_path: Path
) -> None:
    target = tmp_path / "a.pdf"
    target.write_text("mine")
    seen = person.types("open", NUMBER, "--pdf", str(target))
    assert (seen.code, seen.prompts, register.calls) == (2, [], [])
    assert target.read_text() == "mine"
    assert person.types("open", NUMBER, "--force", "--pdf", str(target)).code == 0
    assert target.read_bytes() == issued().pdf


def test_a_download_that_was_changed_is_not_saved(
    person: Person, register: FakeRegister, tmp_path: Path
) -> None:
    register.spoil_download = lambda data: data[:-1] + b"?"
    seen = person.types("open", NUMBER, "--pdf", str(tmp_path / "a.pdf"))
    assert seen.code == 5
    assert not (tmp_path / "a.pdf").exists()


@pytest.mark.parametrize("spoil", [bytes, lambda data: data[:-1], lambda data: data + b"?", lambda data: b""])
def test_only_a_whole_download_is_taken(
    person: Person, register: FakeRegister, tmp_path: Path, spoil: Callable[[bytes], bytes]
) -> None:
    register.spoil_download = spoil
    seen = person.types("open", NUMBER, "--pdf", str(tmp_path / "a.pdf"))
    assert seen.code == (0 if spoil is bytes else 5)


def test_a_statement_that_the_guarantor_did_not_sign_is_not_shown(
    person: Person, register: FakeRegister
) -> None:
    other = issue(guaranteed_amount_yen=1).envelope
    register.change_opened = lambda answer: setattr(answer.certificate, "envelope", other)
    seen = person.types("open", NUMBER)
    assert (seen.code, seen.out) == (6, "")
    assert "STATEMENT_SIGNATURE" in seen.err


def test_another_contracts_certificate_is_not_shown(person: Person, register: FakeRegister) -> None:
    other = "con_" + "0" * 25 + "2"
    register.change_opened = lambda answer: setattr(answer.certificate, "contract_id", other)
    seen = person.types("open", NUMBER)
    assert (seen.code, seen.out) == (6, "")


def test_a_demonstration_is_called_one_if_the_register_says_so(
    person: Person, register: FakeRegister
) -> None:
    register.change_opened = lambda answer: setattr(answer.certificate, "demo", True)
    assert "見本 DEMO" in person.types("open", NUMBER).out


def test_a_demonstration_is_called_one_if_its_authority_says_so(tmp_path: Path) -> None:
    with serving(FakeRegister(issued=issue(root_name="見本 DEMO 認証局"))) as register:
        seen = Person(tmp_path, register.address, answers=[KEY]).types("open", NUMBER, "--json")
    assert seen.json["demo"] is True


def test_an_ended_guarantee_is_shown_and_told_by_the_exit_code(
    person: Person, register: FakeRegister
) -> None:
    register.state = "CONTRACT_STATE_CANCELLED"
    seen = person.types("open", NUMBER)
    assert seen.code == 7
    assert "解約" in seen.out
    assert "金 12,870,000 円" in seen.out


def test_control_characters_of_the_server_are_shown_and_do_not_act(
    person: Person, register: FakeRegister
) -> None:
    register.refuse = Refusal(
        grpc.StatusCode.PERMISSION_DENIED, "PERMISSION_DENIED", "red \x1b[31m \u202eback\n"
    )
    seen = person.types("open", NUMBER)
    assert "<U+001B>[31m <U+202E>back<U+000A>" in seen.err
    assert "\x1b" not in seen.err


def test_the_language_goes_with_each_call(person: Person, register: FakeRegister) -> None:
    person.types("open", NUMBER, "--lang=en")
    assert register.metadata("OpenCertificate")["accept-language"] == "en"


def test_a_server_that_is_not_there_is_told(tmp_path: Path) -> None:
    missing = f"unix:{tmp_path}/no.sock"[:100]
    seen = Person(tmp_path, answers=[KEY]).types("open", NUMBER, "--server", missing)
    assert seen.code == 5
    assert "接続できません" in seen.err
    assert len(seen.err.splitlines()) == 1


def test_every_field_problem_is_told_with_reference(person: Person, register: FakeRegister) -> None:
    register.refuse = Refusal(
        grpc.StatusCode.INTERNAL,
        "INTERNAL",
        "問題が発生しました。",
        reference="ref-1",
        fields=(("a", "甲"), ("b", "乙")),
    )
    seen = person.types("open", NUMBER)
    assert seen.code == 3
    assert "ref-1" in seen.err
    assert "  b 乙" in seen.err


@pytest.mark.parametrize(
    ("code", "reason", "exit_code"),
    [
        (grpc.StatusCode.UNAVAILABLE, "SHUTTING_DOWN", 5),
        (grpc.StatusCode.DEADLINE_EXCEEDED, "DEADLINE_EXCEEDED", 5),
        (grpc.StatusCode.INVALID_ARGUMENT, "KEY_TYPING_ERROR", 4),
        (grpc.StatusCode.INVALID_ARGUMENT, "NUMBER_TYPING_ERROR", 4),
        (grpc.StatusCode.RESOURCE_EXHAUSTED, "TOO_MANY_ATTEMPTS", 3),
        (grpc.StatusCode.UNKNOWN, "", 3),
        (grpc.StatusCode.INTERNAL, "NEVER_HEARD_OF", 3),
    ],
)
def test_exit_codes_follow_the_refusal(
    person: Person, register: FakeRegister, code: grpc.StatusCode, reason: str, exit_code: int
) -> None:
    register.refuse = Refusal(code, reason)
    assert person.types("open", NUMBER).code == exit_code


def test_a_certificate_with_every_field_is_shown(tmp_path: Path) -> None:
    statement: dict[str, Any] = {
        "principal": {
            "company": "見本・髙﨑特定建設工事共同企業体",
            "address": "千葉県見本市1-2-3",
            "representative": "代表者　見本 太郎",
            "corporate_number": "1234567890123",
            "joint_venture": {
                "name": "見本・髙﨑特定建設工事共同企業体",
                "members": [
                    {"company": "見本建設株式会社", "ratio_percent_hundredths": 6667},
                    {"company": "髙﨑土木株式会社", "ratio_percent_hundredths": 3333},
                ],
            },
        },
        "depositary": {
            "bank": "見本銀行",
            "branch": "本店",
            "account_kind": "普通",
            "account_number": "0000000",
            "holder": "ミホン",
        },
    }
    with serving(FakeRegister(issued=issue(**statement))) as register:
        seen = Person(tmp_path, register.address, answers=[KEY]).types("open", NUMBER)
    assert seen.code == 0, seen.err
    assert "髙﨑土木株式会社  33.33%" in seen.out
    assert "見本銀行  本店" in seen.out
