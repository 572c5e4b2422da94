"""One whole demo: samples in every state, and the main job played against them by gRPC."""

import asyncio
import hashlib
import json
import os
import re
import stat
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tashika_formats.key import format_key
from tashika_formats.trust_folder import RECORDS_FOLDER, TrustFolder
from tashika_formats.verify_errors import NotAuthenticError
from tashika_formats.verify_pdf import Verified, verify_pdf
from tashika_server.application.ports import (
    LAPSED_SHOWN_DAYS,
    ListKind,
    ListQuery,
    NoticeQuery,
    ReadView,
)
from tashika_server.config import load_settings
from tashika_server.demo.script.play import STEPS
from tashika_server.domain.calendar import japan_day
from tashika_server.domain.ledger import fee_due
from tashika_server.domain.lifecycle import effective_state
from tashika_server.domain.model import (
    Contract,
    ContractState,
    FactKind,
    FeeEntryKind,
    Organization,
    Product,
    User,
)
from tashika_server.domain.notices import (
    Notice,
    NoticeKind,
)
from tashika_server.host.register import open_register
from tashika_server.host.upkeep import check_store

# The demo is played once, in one worker.
pytestmark = pytest.mark.xdist_group("demo")

SAMPLES = 24
PROGRAM = [sys.executable, "-c", "from tashika_server.cli import main; main()", "demo"]

BUILT = {
    *(ContractState.DRAFT, ContractState.SUBMITTED, ContractState.RETURNED, ContractState.WITHDRAWN),
    *(ContractState.REFUSED, ContractState.PENDING_APPROVAL, ContractState.ACCEPTED, ContractState.LAPSED),
    *(ContractState.IN_FORCE, ContractState.EXPIRED),
}


@dataclass(frozen=True, slots=True)
class Played:
    """What a demo printed and left."""

    code: int
    output: str
    out: Path
    data: Path

    @property
    def guarantees(self) -> list[dict[str, Any]]:
        summary: dict[str, Any] = json.loads((self.out / "demo.json").read_text(encoding="utf-8"))
        assert list(summary) == ["guarantees"]
        rows: list[dict[str, Any]] = summary["guarantees"]
        return rows


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    folder = tmp_path_factory.mktemp("demo")
    out, data = folder / "out", folder / "data"
    flags = ["--script", "--out", str(out), "--data", str(data), "--contracts", str(SAMPLES)]
    # Variables of a real register must not reach the demo: these would break it.
    environment = {
        **os.environ,
        "TASHIKA_KEYS": str(folder / "real-keys"),
        "TASHIKA_POSTGRESQL_URL": "nowhere",
        "TASHIKA_SMTP_SERVER": "mail.example.jp",
        "TASHIKA_MAIL_FROM": "register@example.jp",
    }
    run = subprocess.run(
        PROGRAM + flags, capture_output=True, text=True, env=environment, timeout=300, check=False
    )
    yield Played(run.returncode, run.stdout + run.stderr, out, data)


def in_register(played: Played) -> tuple[list[Contract], list[User], dict[str, int]]:
    """Every contract and person of the register that was kept, and the openings by contract number."""

    def look(view: ReadView) -> tuple[list[Contract], list[User], dict[str, int]]:
        organizations = items(view, ListQuery(ListKind.ORGANIZATIONS, page_size=200))
        contracts = [
            contract
            for organization in organizations
            for row in items(view, contracts_of(organization))
            if (contract := view.contracts.get(row.contract_id)) is not None
        ]
        users = list(items(view, ListQuery(ListKind.USERS, page_size=200)))
        openings = {c.number: len(view.openings.of_number(c.number, 200)) for c in contracts if c.version}
        return contracts, users, openings

    async def read() -> tuple[list[Contract], list[User], dict[str, int]]:
        settings = load_settings({"data": str(played.data), "demo": "yes"}, {})
        async with open_register(settings) as register:
            return await register.kit.store.read(look, slow=True)

    return asyncio.run(read())


def told(played: Played) -> tuple[dict[str, list[Notice]], int]:
    """Everybody's latest notices by sign-in name, and how many mails there are in the outbox."""

    def look(view: ReadView) -> dict[str, list[Notice]]:
        people = items(view, ListQuery(ListKind.USERS, page_size=200))
        return {
            each.login_name: list(view.notices.page(NoticeQuery(each.user_id, page_size=200)).items)
            for each in people
        }

    async def read() -> tuple[dict[str, list[Notice]], int]:
        settings = load_settings({"data": str(played.data), "demo": "yes"}, {})
        async with open_register(settings) as register:
            notices = await register.kit.store.read(look, slow=True)
            mails = await register.kit.store.read(lambda view: view.outbox.counts())
            return notices, sum(mails.values())

    return asyncio.run(read())


def contracts_of(organization: Organization) -> ListQuery:
    scope = ("organization_id", organization.organization_id)
    return ListQuery(ListKind.CONTRACTS, scope=scope, page_size=200)


def items(view: ReadView, query: ListQuery) -> Sequence[Any]:
    page = view.list(query)
    assert page.next_after is None
    return page.items


def verify(played: Played, row: dict[str, Any]) -> Verified:
    trust = TrustFolder.load(played.out / "trust")
    data = (played.out / row["certificate_pdf"]).read_bytes()
    return verify_pdf(data, trust.roots, trust.log_key, trust.find, datetime.now(UTC))


def test_every_step_holds(played: Played) -> None:
    assert played.code == 0, played.output
    assert len(re.findall(r"^\[ ?\d+/\d+\] OK ", played.output, re.MULTILINE)) == len(STEPS)


def test_two_guarantees_of_the_same_works_have_different_keys(played: Played) -> None:
    assert [row["product"] for row in played.guarantees] == ["PERFORMANCE", "PREPAYMENT"]
    keys = [row["key"] for row in played.guarantees]
    assert len(set(keys)) == 2
    assert [format_key(key) for key in keys] == keys


def test_no_key_and_no_password_is_printed_by_the_script(played: Played) -> None:
    assert not [row for row in played.guarantees if row["key"] in played.output]
    assert re.search(r"[a-z]+-[a-z]+-[a-z]+-[0-9]{4}", played.output) is None


def test_the_summary_names_files_beside_it_and_their_digests(played: Played) -> None:
    for row in played.guarantees:
        assert set(row) == {
            *("contract_number", "product", "key", "certificate_pdf", "key_notice_pdf", "sha256"),
            "lead_time_seconds",
        }
        assert hashlib.sha256((played.out / row["certificate_pdf"]).read_bytes()).hexdigest() == row["sha256"]
        assert (played.out / row["key_notice_pdf"]).read_bytes().startswith(b"%PDF-")
        assert isinstance(row["lead_time_seconds"], int)
        assert row["lead_time_seconds"] >= 0


def test_what_is_left_is_for_its_owner_alone(played: Played) -> None:
    for path in (played.out, *played.out.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_certificates_are_authentic_by_the_trust_folder_alone(played: Played) -> None:
    for row in played.guarantees:
        verified = verify(played, row)
        assert (verified.standing, verified.demo) == ("CURRENT", True)
        assert (verified.contract_number, verified.pdf_sha256) == (row["contract_number"], row["sha256"])


def test_a_certificate_without_its_record_is_not_authentic(played: Played) -> None:
    row = played.guarantees[0]
    record = played.out / "trust" / RECORDS_FOLDER / f"{row['contract_number']}-v1.json"
    kept = record.rename(record.with_suffix(".aside"))
    try:
        with pytest.raises(NotAuthenticError) as raised:
            verify(played, row)
    finally:
        kept.rename(record)
    assert raised.value.reason == "NOT_REGISTERED"


def test_samples_stand_in_every_state_that_is_built(played: Played) -> None:
    contracts, users, openings = in_register(played)
    # The script adds two certificates and one guarantee on paper.
    assert len(contracts) == SAMPLES + 3
    today = japan_day(datetime.now(UTC))
    assert {effective_state(contract, today) for contract in contracts} == BUILT
    # What the calendar decided is also recorded.
    assert [c.number for c in contracts if effective_state(c, today) is not c.state] == []
    for state in (ContractState.IN_FORCE, ContractState.EXPIRED):
        there = [contract for contract in contracts if contract.state is state]
        assert {contract.paper_issue is None for contract in there} == {True, False}
    assert any(fact.kind is FactKind.HANDED_IN for contract in contracts for fact in contract.facts)
    assert sum(openings.values()) > 4
    # Everybody of the samples can sign in at once.
    assert len(users) > 20
    assert [user.login_name for user in users if user.must_change_password] == []


def test_every_fee_of_the_samples_says_that_its_rates_are_fictional(played: Played) -> None:
    contracts, _, _ = in_register(played)
    told = [contract for contract in contracts if contract.fee_yen is not None]
    assert len(told) > SAMPLES // 2
    assert {contract.fee_basis.label for contract in told if contract.fee_basis} == {"架空の料率"}
    assert [contract.number for contract in told if contract.fee_basis is None] == []
    charges = [entry for contract in told for entry in contract.ledger if entry.kind is FeeEntryKind.CHARGE]
    assert {entry.label for entry in charges} == {"架空の料率"}
    bases = {contract.contract_id: contract.fee_basis.fee_yen for contract in told if contract.fee_basis}
    other = [contract for contract in told if contract.fee_yen != bases[contract.contract_id]]
    assert [contract.number for contract in other if not contract.fee_note] == []


def test_unpaid_fees_receipts_and_requests_for_the_advance_are_there(played: Played) -> None:
    contracts, _, _ = in_register(played)
    today = japan_day(datetime.now(UTC))
    since = today - timedelta(days=LAPSED_SHOWN_DAYS)
    overdue = [c for c in contracts if (due := fee_due(c)) is not None and since <= due < today]
    assert {contract.state for contract in overdue} >= {ContractState.LAPSED}
    assert sum(contract.receipt is not None for contract in contracts) >= 2
    requested = [contract for contract in contracts if contract.advance_requests]
    assert {contract.application.product for contract in requested} == {Product.PREPAYMENT}
    for row in played.guarantees:
        assert (played.out / f"{row['contract_number']}-fee-sheet.pdf").read_bytes().startswith(b"%PDF-")
    row = played.guarantees[1]
    assert (played.out / f"{row['contract_number']}-advance-request.pdf").read_bytes().startswith(b"%PDF-")


def test_people_of_the_samples_were_told_and_read_what_is_old(played: Played) -> None:
    notices, mails = told(played)
    everything = [each for theirs in notices.values() for each in theirs]
    built = {
        NoticeKind.ISSUED,
        NoticeKind.ACCEPTED,
        NoticeKind.RETURNED,
        NoticeKind.REFUSED,
        NoticeKind.OPENED,
    }
    assert built | {NoticeKind.HANDED_IN} <= {each.event.kind for each in everything}
    # The script's own are of today, and unread; nobody starts with those of a year.
    assert any(each.read_time is None for each in everything)
    old = datetime.now(UTC) - timedelta(days=8)
    assert [each for each in everything if each.read_time is None and each.event.time < old] == []
    # A demo sends nothing to anybody, whatever the environment says.
    assert mails == 0


def test_the_register_of_a_demo_is_sound(played: Played) -> None:
    settings = load_settings({"data": str(played.data), "demo": "yes"}, {})
    report = check_store(settings)
    assert report.sound, report.lines


def test_a_folder_with_data_is_not_filled_again(played: Played) -> None:
    run = subprocess.run(
        [*PROGRAM, "--data", str(played.data)], capture_output=True, text=True, timeout=60, check=False
    )
    assert run.returncode == 2
    assert "is not empty" in run.stderr
