"""The first start: killed anywhere, it begins again; and what a host's own settings can't do by mistake."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import structlog

from tashika.v1 import certificate_service_pb2 as pb
from tashika_server.config import Settings, SettingsError, load_settings
from tashika_server.documents.errors import RenderUnavailableError
from tashika_server.documents.pool import DocumentPool
from tashika_server.domain.model import Role
from tashika_server.domain.reasons import Reason, RefusedError
from tashika_server.host.guarantor_signers import GuarantorSigners
from tashika_server.host.register import open_register, open_secrets, serving
from tashika_server.host.troubles import explain
from tashika_server.host.upkeep import migrate_tables
from tashika_server.security.authority import create_demo_authority
from tashika_server.security.log_key import create_log_key, load_log_key
from tashika_server.security.passwords import ArgonPasswords
from tashika_server.security.root_secret import RootSecretError
from tashika_server.storage.errors import StoreFaultError
from tashika_server.system import SystemClock
from tashika_server.transport.call import Call
from tashika_server.transport.servicers.certificate_servicer import CertificateServicer
from tests.unit.application.office import CHEAP, Office, StandingClock


def settings(folder: Path, **more: str) -> Settings:
    return load_settings({"data": str(folder / "data")}, {f"TASHIKA_{k.upper()}": v for k, v in more.items()})


class KilledError(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("place", ["open", "fsync", "link"])
def test_a_first_start_that_is_killed_anywhere_begins_again(tmp_path: Path, place: str) -> None:
    """Kill it at every call of one kind in turn, until it gets through."""
    real: Callable[..., Any] = getattr(os, place)
    for calls in range(30):
        folder, left = tmp_path / str(calls), [calls]

        def killing(*args: Any, real: Any = real, left: list[int] = left, **named: Any) -> Any:
            if left[0] == 0:
                raise KilledError
            left[0] -= 1
            return real(*args, **named)

        try:
            with patch.object(os, place, killing):
                open_secrets(settings(folder), clock=SystemClock(), empty=True)
            break
        except KilledError:
            made = open_secrets(settings(folder), clock=SystemClock(), empty=True)
            assert made.log_key.name.startswith("tashika/")
            again = open_secrets(settings(folder), clock=SystemClock(), empty=True)
            assert (again.created, again.log_key.verifier_key) == (False, made.log_key.verifier_key)
    else:
        pytest.fail("the first start makes more calls than expected")


def test_a_log_key_that_was_half_written_is_not_there(tmp_path: Path) -> None:
    with patch.object(os, "fsync", side_effect=KilledError), pytest.raises(KilledError):
        create_log_key(tmp_path / "log.pem")
    assert not (tmp_path / "log.pem").exists()

    create_log_key(tmp_path / "log.pem")
    load_log_key(tmp_path / "log.pem", "tashika/1")
    with pytest.raises(FileExistsError):
        create_log_key(tmp_path / "log.pem")
    assert [path.name for path in tmp_path.iterdir()] == ["log.pem"]
    assert (tmp_path / "log.pem").stat().st_mode & 0o777 == 0o600


def test_data_without_their_keys_get_no_new_ones(tmp_path: Path) -> None:
    with pytest.raises(RootSecretError, match="backup"):
        open_secrets(settings(tmp_path), clock=SystemClock(), empty=False)
    assert not list((tmp_path / "data-keys").glob("*"))


@pytest.mark.parametrize(
    "url", ["mysql://tashika:geheim@host/db", "host=db password=geheim", "POSTGRES://x:geheim@h"]
)
async def test_another_databases_url_is_refused_and_neither_told_nor_made_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.chdir(tmp_path)
    given = settings(tmp_path, postgresql_url=url)

    with pytest.raises(SettingsError) as raised:
        migrate_tables(given)
    assert "geheim" not in str(raised.value)
    with pytest.raises(SettingsError):
        async with open_register(given):
            pass
    assert "geheim" not in str(os.listdir(tmp_path))


async def test_every_trouble_of_the_database_file_is_told_with_what_mends_it(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(mode=0o700)
    (tmp_path / "data" / "tashika.db").write_bytes(b"not a database, whatever its name says" * 40)

    with pytest.raises(Exception, match="SQLITE_NOTADB") as raised:
        async with open_register(settings(tmp_path)):
            pass
    assert "restore a backup" in (explain(raised.value) or "")
    for code in ("SQLITE_FULL", "SQLITE_IOERR_FSYNC", "SQLITE_CANTOPEN", "SQLITE_READONLY_DBMOVED"):
        sentence = explain(StoreFaultError(code)) or ""
        assert sentence.endswith(f" ({code})")


def test_a_fault_of_the_program_is_no_trouble_of_the_persons() -> None:
    assert explain(ZeroDivisionError("geheim")) is None


async def test_rendering_that_does_not_start_is_told_and_ends_nothing(tmp_path: Path) -> None:
    given = settings(tmp_path, render_workers="1", listen=f"unix:{tmp_path}/s", demo="yes")
    broken = patch.object(DocumentPool, "start", side_effect=RenderUnavailableError("no process"))
    with broken, structlog.testing.capture_logs() as lines:
        async with (
            open_register(given, passwords=ArgonPasswords(CHEAP)) as register,
            serving(register) as (server, _),
        ):
            await server.drain()
    assert [line["event"] for line in lines if line["log_level"] == "error"] == ["rendering.failed"]


# --- signing certificates and their time ---


@pytest.mark.parametrize("days", [-1, 10 * 365 + 1])
def test_a_certificate_before_or_after_its_time_signs_nothing(tmp_path: Path, days: int) -> None:
    clock = StandingClock()
    create_demo_authority(tmp_path / "guarantors", {"org_1": "架空保証"}, clock.now())
    signers = GuarantorSigners(tmp_path / "guarantors", demo=True, clock=clock)
    assert "org_1" in signers

    clock.at += timedelta(days=days)

    assert "org_1" not in signers


async def test_who_still_has_a_first_password_downloads_no_certificate(office: Office) -> None:
    contract = await office.issued()
    servicer = CertificateServicer(
        office.uses.issuing,
        office.uses.certificates,
        office.uses.opening,
        office.uses.verification,
        None,  # type: ignore[arg-type]  # no viewing token comes here
        office.clock,
    )
    newcomer = replace(office.contractor, must_change_password=True)
    request = pb.DownloadCertificateRequest(contract_id=contract.contract_id)

    async def first(caller: Any) -> Any:
        call = Call("", caller, "ja", "unix", 0.0, lambda data: data)
        return await anext(servicer.download_certificate(request, call))

    assert (await first(office.contractor)).header.size_bytes > 0
    with pytest.raises(RefusedError) as raised:
        await first(newcomer)
    assert raised.value.reason is Reason.PASSWORD_CHANGE_REQUIRED
    with pytest.raises(RefusedError) as raised:
        await first(replace(office.contractor, roles=frozenset({Role.OPERATOR})))
    assert raised.value.reason is Reason.PERMISSION_DENIED
