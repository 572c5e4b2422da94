"""`tashika login`, `password` and `logout`."""

import stat
from pathlib import Path

import grpc
import pytest

from tests.unit.tui.person import Person
from tests.unit.tui.register import PASSWORD, TOKEN, UNAUTHENTICATED, FakeRegister, Refusal


def remembered(person: Person) -> list[Path]:
    return sorted((person.home / "state").rglob("*.json"))


def test_signing_in_is_remembered_for_the_owner_alone(tmp_path: Path, register: FakeRegister) -> None:
    person = Person(tmp_path, register.address, answers=[PASSWORD])
    seen = person.types("login", "hanako")
    assert (seen.code, seen.prompts) == (0, ["パスワード（表示されません）: "])
    assert "株式会社髙﨑𠮷田組、受注者" in seen.out
    assert TOKEN not in seen.out + seen.err
    (file,) = remembered(person)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert register.asked("CreateSession")[0].login_name == "hanako"


def test_the_password_comes_from_standard_input_as_it_is(tmp_path: Path, register: FakeRegister) -> None:
    person = Person(tmp_path, register.address)
    person.types("login", "hanako", "-", stdin=" Ｐass word \n".encode())
    assert register.asked("CreateSession")[0].password == " Ｐass word "


@pytest.mark.parametrize(
    "command", [["login", "hanako", PASSWORD], ["password", PASSWORD], ["login", "a", "-", "b"]]
)
def test_a_password_as_an_argument_is_refused_with_the_reason(
    clerk: Person, register: FakeRegister, command: list[str]
) -> None:
    before = len(register.calls)
    seen = clerk.types(*command)
    assert seen.code == 2
    assert "履歴" in seen.err
    assert PASSWORD not in seen.err
    assert len(register.calls) == before


def test_a_wrong_password_is_refused_and_nothing_remembered(tmp_path: Path, register: FakeRegister) -> None:
    person = Person(tmp_path, register.address, answers=["wrong"])
    assert person.types("login", "hanako").code == 3
    assert remembered(person) == []


def test_a_password_to_be_changed_is_told(tmp_path: Path, register: FakeRegister) -> None:
    register.must_change_password = True
    assert (
        "tashika password" in Person(tmp_path, register.address, answers=[PASSWORD]).types("login", "a").out
    )


def test_a_password_is_changed_when_typed_the_same_twice(clerk: Person, register: FakeRegister) -> None:
    clerk.answers = ["old", "new", "new"]
    assert clerk.types("password").code == 0
    request = register.asked("ChangePassword")[0]
    assert (request.old_password, request.new_password) == ("old", "new")
    clerk.answers = ["old", "new", "other"]
    assert clerk.types("password").code == 2
    assert len(register.asked("ChangePassword")) == 1


def test_a_password_is_changed_by_two_lines(clerk: Person, register: FakeRegister) -> None:
    assert clerk.types("password", "-", stdin=b"old\nnew\n").code == 0
    assert register.asked("ChangePassword")[0].new_password == "new"


def test_signing_out_voids_the_token_and_forgets_it(clerk: Person, register: FakeRegister) -> None:
    assert clerk.types("logout").code == 0
    assert register.metadata("DeleteSession")["authorization"] == f"Bearer {TOKEN}"
    assert remembered(clerk) == []
    assert clerk.types("logout").code == 0
    assert clerk.types("list").code == 3


def test_signing_out_of_a_session_that_is_over_forgets_it(clerk: Person, register: FakeRegister) -> None:
    register.refuse = UNAUTHENTICATED
    assert clerk.types("logout").code == 0
    assert remembered(clerk) == []


def test_signing_out_without_the_server_forgets_and_tells(clerk: Person, register: FakeRegister) -> None:
    register.refuse = Refusal(grpc.StatusCode.UNAVAILABLE)
    assert clerk.types("logout").code == 5
    assert remembered(clerk) == []


def test_a_sign_in_is_for_its_server_alone(clerk: Person) -> None:
    seen = clerk.types("list", "--server", "127.0.0.1:1")
    assert seen.code == 3
    assert "tashika login" in seen.err


def test_a_sign_in_that_others_can_read_is_not_used(clerk: Person, register: FakeRegister) -> None:
    (file,) = remembered(clerk)
    file.chmod(0o640)
    before = len(register.calls)
    seen = clerk.types("list")
    assert seen.code == 2
    assert str(file) in seen.err
    assert len(register.calls) == before


def test_a_link_in_place_of_a_sign_in_is_not_followed(clerk: Person, tmp_path: Path) -> None:
    (file,) = remembered(clerk)
    file.rename(tmp_path / "elsewhere.json")
    file.symlink_to(tmp_path / "elsewhere.json")
    assert clerk.types("list").code == 2


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff", b'{"server": 1}', b"[" * 5000])
def test_a_damaged_sign_in_means_signing_in_again(clerk: Person, content: bytes) -> None:
    (file,) = remembered(clerk)
    file.write_bytes(content)
    assert clerk.types("list").code == 3


def test_an_expired_sign_in_is_not_sent(clerk: Person, register: FakeRegister) -> None:
    (file,) = remembered(clerk)
    file.write_text(file.read_text().replace("2999", "2000"))
    assert clerk.types("list").code == 3
    assert register.asked("ListContracts") == []


def test_bytes_that_are_no_text_are_told(tmp_path: Path, register: FakeRegister) -> None:
    seen = Person(tmp_path, register.address, answers=[PASSWORD]).types("login", "\udcff")
    assert (seen.code, register.calls) == (2, [])
    assert len(seen.err.splitlines()) == 1
