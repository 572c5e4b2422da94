"""The processes: what they load, and what happens when one dies."""

import asyncio
import hashlib
import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tashika_server.documents import pool as pool_module
from tashika_server.documents.certificate import render_certificate
from tashika_server.documents.content import SignerRef, Signing
from tashika_server.documents.errors import MissingGlyphError, RenderUnavailableError, SignerUnusableError
from tashika_server.documents.face import FaceLibrary
from tashika_server.documents.fonts import FontSet
from tashika_server.documents.key_notice import render_key_notice
from tashika_server.documents.pool import DocumentPool
from tashika_server.security.authority import create_demo_authority
from tashika_server.security.signer import SignerError, open_signer
from tests.unit.documents import samples

pytestmark = pytest.mark.xdist_group("pool")

NOW = datetime(2026, 1, 5, tzinfo=UTC)


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> SignerRef:
    folder = tmp_path_factory.mktemp("authority")
    create_demo_authority(folder, {"org_a": "見本保証株式会社"}, NOW)
    return SignerRef(folder / "org_a" / "key.pem", folder / "org_a" / "chain.pem")


@pytest.fixture(scope="module")
def pool(fonts: FontSet) -> Iterator[DocumentPool]:
    """One for all: also after a worker was killed, it does the work of the next test."""
    made = DocumentPool(fonts, open_signer, workers=1)
    asyncio.run(made.start())
    yield made
    made.close()


def die_once(marker: str) -> str:
    try:
        descriptor = os.open(marker, os.O_CREAT | os.O_EXCL)
    except FileExistsError:
        return "second time"
    os.close(descriptor)
    os.kill(os.getpid(), signal.SIGKILL)
    return "never"


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def unusable_signer(key: Path, _chain: Path, _passphrase: Path | None) -> Signing:
    raise SignerError(f"{key.name} can't be used")


async def test_a_certificate_is_rendered_and_signed(
    pool: DocumentPool, reference: SignerRef, library: FaceLibrary
) -> None:
    envelope = samples.envelope(samples.third_version())
    issued = await pool.issue(envelope, reference, demo=True, signing_time=NOW)
    unsigned, pages = render_certificate(envelope, library, demo=True)
    assert issued.pdf.startswith(unsigned) and issued.pages == pages
    assert issued.sha256 == hashlib.sha256(issued.pdf).hexdigest()
    assert issued.statement_sha256 == hashlib.sha256(envelope).hexdigest()
    assert len(issued.chain) == 2 and issued.demo


async def test_a_notice_has_the_same_bytes_as_here(pool: DocumentPool, library: FaceLibrary) -> None:
    assert await pool.notice(samples.notice()) == render_key_notice(samples.notice(), library)


async def test_a_missing_glyph_comes_back_whole(pool: DocumentPool) -> None:
    with pytest.raises(MissingGlyphError) as caught:
        await pool.notice(replace(samples.notice(), works_name="🏗"))
    assert (caught.value.character, caught.value.field) == ("🏗", "works_name")


async def test_what_the_key_can_not_do_comes_back(fonts: FontSet, reference: SignerRef) -> None:
    made = DocumentPool(fonts, unusable_signer, workers=1)
    try:
        with pytest.raises(SignerUnusableError, match="can't be used"):
            await made.issue(samples.envelope(samples.plain()), reference, demo=True, signing_time=NOW)
    finally:
        await asyncio.to_thread(made.close)


async def test_workers_load_neither_transport_nor_storage(pool: DocumentPool, reference: SignerRef) -> None:
    await pool.issue(samples.envelope(samples.plain()), reference, demo=True, signing_time=NOW)
    loaded = await pool._run(eval, "{name.partition('.')[0] for name in __import__('sys').modules}")
    assert "reportlab" in loaded
    # Nor what started this process: its main module would bring the whole server along.
    assert not {"grpc", "peewee", "psycopg", "typer", "pytest"} & loaded


async def test_a_killed_worker_is_replaced_and_its_job_run_again(pool: DocumentPool, tmp_path: Path) -> None:
    first, second = await asyncio.gather(
        pool._run(die_once, str(tmp_path / "marker")), pool.notice(samples.notice())
    )
    assert first == "second time" and second.startswith(b"%PDF")


async def test_a_job_that_always_kills_is_given_up_and_the_pool_lives_on(pool: DocumentPool) -> None:
    with pytest.raises(RenderUnavailableError, match="twice"):
        await pool._run(die)
    assert (await pool.notice(samples.notice())).startswith(b"%PDF")


async def test_more_jobs_than_the_limit_are_refused_at_once(
    pool: DocumentPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "_limit", 2)
    waiting = [asyncio.ensure_future(pool.notice(samples.notice())) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(RenderUnavailableError, match="waiting"):
        await pool.notice(samples.notice())
    await asyncio.gather(*waiting)
    assert (await pool.notice(samples.notice())).startswith(b"%PDF")


async def test_a_closed_pool_refuses(fonts: FontSet) -> None:
    made = DocumentPool(fonts, open_signer, workers=1)
    made.close()
    with pytest.raises(RenderUnavailableError, match="closed"):
        await made.notice(samples.notice())


async def test_glyphs_are_checked_without_a_worker(fonts: FontSet) -> None:
    made = DocumentPool(fonts, open_signer, workers=1)
    missing = made.missing_glyphs({"works.name": "🏗と🏗と\u200b", "place": samples.RARE_COMPANY})
    assert [(error.field, error.character) for error in missing] == [
        ("works.name", "🏗"),
        ("works.name", "\u200b"),
    ]
    with pytest.raises(MissingGlyphError):
        made.check_glyphs({"works.name": "🏗"})
    assert made._executor is None


def test_the_queue_is_bounded_by_the_workers(fonts: FontSet) -> None:
    assert DocumentPool(fonts, open_signer, workers=3)._limit == 3 * pool_module._WAITING_PER_WORKER
