"""`tashika verify` against whatever may be done to a registered certificate, offline and with the register."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from tashika_formats.number import make_number
from tests.e2e.tamper.forgeries import (
    annotate,
    append_page,
    blanked,
    change_nothing,
    empty_signature,
    rewritten,
    save_page,
    strip_signature,
    with_revision,
)
from tests.e2e.tamper.registered import Registered
from tests.e2e.tamper.verifying import Said, check_refused, verify_as_a_programme, verify_here, verify_offline

FLIPS = 1_000
# The same ones by asking the register, which takes longer, and as a programme, which takes half a second each.
WITH_REGISTER = 50
AS_PROGRAMME = 3
SEED = 20_261_126

pytestmark = pytest.mark.xdist_group("tamper")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where a certificate is put that is to be verified."""
    return tmp_path / "証書.pdf"


def options(registered: Registered, way: str) -> tuple[str, str]:
    """How the command is told what to trust."""
    return ("--trust", str(registered.trust)) if way == "offline" else ("--server", registered.address)


def flipped(data: bytes, position: int, mask: int) -> bytes:
    return data[:position] + bytes([data[position] ^ mask]) + data[position + 1 :]


def flips(data: bytes, count: int) -> list[tuple[int, int]]:
    """Places all over the file and what to change there."""
    chance = random.Random(SEED)
    print(f"seed {SEED}")
    return [(place, chance.randint(1, 255)) for place in chance.sample(range(len(data)), count)]


@pytest.mark.parametrize("way", ["offline", "register"])
def test_the_registered_file_is_authentic(registered: Registered, file: Path, way: str) -> None:
    file.write_bytes(registered.pdf)
    for verify in (verify_here, verify_as_a_programme):
        said: Said = verify(file, *options(registered, way))
        assert (said.code, said.err) == (0, "")
        demo, result, *_ = said.out.splitlines()
        assert demo.startswith("【見本 DEMO】")
        assert result == "真正です。現在有効な版です。"


def test_each_of_a_thousand_flipped_bytes_is_refused(registered: Registered, file: Path) -> None:
    for position, mask in flips(registered.pdf, FLIPS):
        file.write_bytes(flipped(registered.pdf, position, mask))
        said = verify_offline(file, registered.trust)
        assert said.code == 6, (position, mask, said)
        check_refused(said)


def test_flipped_bytes_are_refused_with_the_register_too(registered: Registered, file: Path) -> None:
    for position, mask in flips(registered.pdf, WITH_REGISTER):
        file.write_bytes(flipped(registered.pdf, position, mask))
        said = verify_here(file, *options(registered, "register"))
        assert said.code == 6, (position, mask, said)
        check_refused(said)


@pytest.mark.parametrize("way", ["offline", "register"])
def test_flipped_bytes_are_refused_by_the_programme(registered: Registered, file: Path, way: str) -> None:
    for position, mask in flips(registered.pdf, AS_PROGRAMME):
        file.write_bytes(flipped(registered.pdf, position, mask))
        check_refused(verify_as_a_programme(file, *options(registered, way)))


JUNK = ("JUNK_AT_END",)
ADDED = ("ADDED_AFTER_SIGNING",)
# Written anew, the file is another one: the record knows it no more, and the signature does not fit it.
REWRITTEN = ("ALTERED", "SIGNATURE_BROKEN", "NOT_WHOLE_FILE", "UNREADABLE_PDF")
UNSIGNED = ("UNSIGNED",)

FORGERIES: dict[str, tuple[Callable[[Registered], bytes], tuple[str, ...]]] = {
    "a line end behind the end": (lambda r: r.pdf + b"\n", JUNK),
    "a byte behind the end": (lambda r: r.pdf + b"x", JUNK),
    "much behind the end": (lambda r: r.pdf + random.Random(SEED).randbytes(100_000), JUNK),
    "the file twice": (lambda r: r.pdf + r.pdf, ADDED),
    "an appended page": (lambda r: with_revision(r.pdf, append_page), ADDED),
    "an added annotation": (lambda r: with_revision(r.pdf, annotate), ADDED),
    "a page added in an editor": (lambda r: rewritten(r.pdf, save_page), REWRITTEN),
    "opened and saved": (lambda r: rewritten(r.pdf, change_nothing), REWRITTEN),
    "never signed": (lambda r: r.unsigned, UNSIGNED),
    "signature field taken out": (lambda r: rewritten(r.pdf, strip_signature), UNSIGNED),
    "signature taken out of its field": (lambda r: rewritten(r.pdf, empty_signature), UNSIGNED),
    "signature blanked": (lambda r: blanked(r.pdf), ("ALTERED", "UNREADABLE_PDF")),
    "the last byte missing": (lambda r: r.pdf[:-1], ("ALTERED", "UNREADABLE_PDF", "NOT_WHOLE_FILE")),
    "half of the file": (lambda r: r.pdf[: len(r.pdf) // 2], ("UNREADABLE_PDF",)),
    "empty": (lambda _: b"", ("NOT_A_PDF",)),
}


@pytest.mark.parametrize("way", ["offline", "register"])
@pytest.mark.parametrize("what", FORGERIES)
def test_a_changed_file_is_refused_for_what_was_done_to_it(
    registered: Registered, file: Path, what: str, way: str
) -> None:
    forge, reasons = FORGERIES[what]
    file.write_bytes(forge(registered))
    check_refused(verify_here(file, *options(registered, way)), reasons)


@pytest.mark.parametrize(("way", "reason"), [("offline", "ALTERED"), ("register", "NOT_REGISTERED")])
def test_a_guarantors_signature_on_another_amount_is_not_enough(
    registered: Registered, file: Path, way: str, reason: str
) -> None:
    file.write_bytes(registered.signed_by_the_guarantor(guaranteed_amount_yen=90_000_000))
    for verify in (verify_here, verify_as_a_programme):
        check_refused(verify(file, *options(registered, way)), [reason])


@pytest.mark.parametrize("way", ["offline", "register"])
@pytest.mark.parametrize(
    "changes",
    [{"contract_number": make_number(99, 2026, 999_999)}, {"version": 2}],
    ids=["number", "version"],
)
def test_a_guarantors_signature_that_the_register_does_not_know_is_not_enough(
    registered: Registered, file: Path, way: str, changes: dict[str, object]
) -> None:
    previous = {"previous": {"version": 1, "statement_sha256": "0" * 64}} if "version" in changes else {}
    file.write_bytes(registered.signed_by_the_guarantor(**changes, **previous))
    check_refused(verify_here(file, *options(registered, way)), ["NOT_REGISTERED"])
