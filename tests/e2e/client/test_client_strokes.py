"""The main jobs within their strokes: the client in a real terminal of 80x24, in Japanese, on a real server."""

import asyncio
import io
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pypdf
import pytest
import pytest_asyncio

from tashika_tui.client import records
from tashika_tui.client.intent import new_request_id
from tashika_tui.client.port import Register
from tests.e2e.client import strokes
from tests.e2e.client.founding import PASSWORD
from tests.e2e.client.seated import seated
from tests.e2e.client.stage import PRICE_YEN, Stage, real

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("strokes")]

LOGIN = {"login_name": "keiri", "password": PASSWORD}
LEAVE = "\x11"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    """A real server with people."""
    async with real(tmp_path_factory.mktemp("register")) as made:
        yield made


def played(stage: Stage, home: Path, job: strokes.Job, values: dict[str, str]) -> int:
    """Plays a job from the first screen of a first start, and gives its strokes. For a thread: the server is here."""
    with seated(stage.address, home) as shown:
        shown.until("パスワード")
        count = strokes.play(shown, job, values)
        shown.types(LEAVE)
        assert shown.near.ends() == 0
    return count


async def numbers(register: Register) -> set[str]:
    """The numbers of all contracts that have one."""
    page = await register.list_contracts(records.ContractFilter(), records.PageRequest(size=200))
    return {row.contract_number for row in page.items if row.contract_number}


def text_of(pdf: bytes) -> str:
    """The words of a PDF."""
    return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


async def test_an_application_like_the_last_one_is_submitted(stage: Stage, tmp_path: Path) -> None:
    contractor = await stage.as_("contractor")
    last = await stage.submitted()
    works = stage.works(number="道整第７７号", name="大堀川右岸遊歩道整備工事")
    await contractor.create_works(works, request_id=new_request_id())
    before = await numbers(contractor)
    values = {**LOGIN, "last_number": last.contract_number, "works_number": works.number}
    values["amount"] = f"{PRICE_YEN // 10:,}"
    count = await asyncio.to_thread(played, stage, tmp_path, strokes.APPLY, values)
    assert count <= strokes.APPLY.budget == 40
    (number,) = await numbers(contractor) - before
    row = await contractor.find_contract(number)
    assert row is not None
    made = await contractor.get_contract(row.contract_id)
    assert made.state == "SUBMITTED"
    asked = made.application
    assert asked.works is not None and asked.works.name == works.name
    assert asked.amount_yen == PRICE_YEN // 10
    for name in ("guarantor_id", "branch", "product", "form", "contact", "notice_mail", "prepayment_planned"):
        assert getattr(asked, name) == getattr(last.application, name), name


@pytest.mark.parametrize("job", [strokes.NOTICE, strokes.NOTICE_BY_NUMBER], ids=["newest", "by-number"])
async def test_the_notice_of_a_key_is_saved(stage: Stage, tmp_path: Path, job: strokes.Job) -> None:
    contract = await stage.issued()
    if job is strokes.NOTICE_BY_NUMBER:
        await stage.issued()
    values = {**LOGIN, "number": contract.contract_number}
    count = await asyncio.to_thread(played, stage, tmp_path, job, values)
    assert count <= job.budget == 15
    (saved,) = await asyncio.to_thread(lambda: list(tmp_path.glob("*.pdf")))
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    key = (await (await stage.as_("contractor")).get_key(contract.contract_id)).key
    words = text_of(saved.read_bytes())
    assert contract.contract_number in words and key in words


async def test_an_officer_without_an_account_sees_the_certificate(stage: Stage, tmp_path: Path) -> None:
    contract = await stage.issued()
    key = (await (await stage.as_("contractor")).get_key(contract.contract_id)).key
    values = {"number": contract.contract_number, "key": key}
    count = await asyncio.to_thread(played, stage, tmp_path, strokes.VIEW, values)
    assert count <= strokes.VIEW.budget == 10
    openings = await (await stage.as_("contractor")).list_openings(contract.contract_id)
    assert [opening.success for opening in openings] == [True]
