"""A whole server in one object: settings in, a serving register out. The command line and the demo start it."""

import asyncio
import contextlib
import gc
import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from prometheus_client import CollectorRegistry

from tashika_server.application.access import authorise
from tashika_server.application.caller import Caller
from tashika_server.application.kit import Kit
from tashika_server.application.log import SIGN_EVERY_SECONDS
from tashika_server.application.mailing import Mailing
from tashika_server.application.ports import Clock
from tashika_server.application.use_cases import UseCases, make_use_cases
from tashika_server.config import Settings, SettingsError, default_socket
from tashika_server.documents.fonts import ensure_fonts
from tashika_server.documents.pool import DocumentPool
from tashika_server.documents.service import PooledDocuments
from tashika_server.domain.calendar import japan_day
from tashika_server.domain.reasons import Reason, RefusedError, refuse
from tashika_server.faults import describe_fault
from tashika_server.host.guarantor_signers import GuarantorSigners
from tashika_server.host.mail_options import mailer_of
from tashika_server.host.mailing import MailSender, RetryWishes, tell_openings
from tashika_server.host.metrics import MailMetrics, metrics_served
from tashika_server.mail.smtp import SmtpMailer
from tashika_server.security.log_key import RegisterKey, create_log_key, load_log_key
from tashika_server.security.new_file import write_new
from tashika_server.security.passwords import ArgonPasswords
from tashika_server.security.root_secret import (
    RootSecret,
    create_root_secret,
    has_root_secret,
    load_root_secret,
)
from tashika_server.security.signer import open_signer
from tashika_server.security.vault import RootVault
from tashika_server.storage.backend import POSTGRES_SCHEMES
from tashika_server.storage.blobs import FolderBlobs
from tashika_server.storage.folder import FolderLock
from tashika_server.storage.store import open_store
from tashika_server.storage.witness import FileWitness
from tashika_server.system import JapaneseHolidays, SystemClock, SystemRandomness, TimeOrderedIds
from tashika_server.transport.admission import Admission
from tashika_server.transport.assembly import make_pipeline
from tashika_server.transport.methods import Lane
from tashika_server.transport.pipeline import Authenticate
from tashika_server.transport.server import GrpcServer, ServerOptions, software_version
from tashika_server.transport.servicers.session_servicer import ServerFacts
from tashika_server.transport.ssh_host_door import DoorOptions, SshHostDoor
from tashika_server.transport.tls import TlsFiles
from tashika_server.transport.tokens import TokenError, parse_session_token

LOG_NAME_FILE = "log-name"
LOG_KEY_FILE = "log.pem"
CHECKPOINT_FILE = "checkpoint"
"""Beside the keys and not beside the data: a whole data folder put back must not bring its own witness along."""

DAILY_EVERY = timedelta(minutes=10)
"""How often the daily job looks; the calendar itself decides at once, the job only records."""

_LOG = structlog.get_logger("tashika.runtime")


@dataclass(frozen=True, slots=True)
class Secrets:
    """What the keys folder holds. ``created``: it was made just now."""

    root: RootSecret
    log_key: RegisterKey
    signers: GuarantorSigners
    created: bool


@dataclass(frozen=True, slots=True)
class Register:
    """An open register, served or not: use cases over an open store. ``mailer``: the way to the mail server, if any."""

    settings: Settings
    use_cases: UseCases
    kit: Kit
    secrets: Secrets
    pool: DocumentPool
    mailer: SmtpMailer | None


def open_secrets(settings: Settings, *, clock: Clock, empty: bool) -> Secrets:
    """Read the keys folder; where it holds nothing and the register is ``empty``, make it.

    Raises ``RootSecretError`` where there are data without their keys: new ones would open nothing of theirs.
    """
    fresh = empty and not has_root_secret(settings.keys)
    if fresh:
        settings.keys.mkdir(mode=0o700, parents=True, exist_ok=True)
        prefix = "tashika.demo" if settings.demo else "tashika"
        if not (settings.keys / LOG_NAME_FILE).exists():
            write_new(settings.keys / LOG_NAME_FILE, f"{prefix}/{os.urandom(6).hex()}\n".encode("ascii"))
        if not (settings.keys / LOG_KEY_FILE).exists():
            create_log_key(settings.keys / LOG_KEY_FILE)
        # Last, since it is what marks the folder as whole: a start that was killed before it begins again.
        create_root_secret(settings.keys)
    # First, since its refusal says what to do where the whole folder is missing.
    root = load_root_secret(settings.keys)
    name = (settings.keys / LOG_NAME_FILE).read_text(encoding="ascii").strip()
    return Secrets(
        root=root,
        log_key=load_log_key(settings.keys / LOG_KEY_FILE, name),
        signers=GuarantorSigners(settings.keys / "guarantors", demo=settings.demo, clock=clock),
        created=fresh,
    )


def store_location(settings: Settings) -> str | Path:
    """Give where the store is: the URL of PostgreSQL, else the data folder.

    Raises ``SettingsError``, which does not repeat the URL, for that of something else: it would be taken for a folder.
    """
    if settings.postgresql_url and not settings.postgresql_url.startswith(POSTGRES_SCHEMES):
        raise SettingsError(f"postgresql_url must begin with {' or '.join(POSTGRES_SCHEMES)}")
    return settings.postgresql_url or settings.data


@asynccontextmanager
async def open_register(
    settings: Settings, *, passwords: ArgonPasswords | None = None, clock: Clock | None = None
) -> AsyncIterator[Register]:
    """Open the store and wire the use cases; at the end everything is closed.

    ``clock`` is the machine's where none is given; the demo's begins in the past, for its samples.
    Raises ``StoreOpenError``, ``LockedError``, ``RootSecretError``, ``RolledBackError`` and others whose texts say
    what to do.
    """
    location, mailer = store_location(settings), mailer_of(settings)
    clock, randomness = clock or SystemClock(), SystemRandomness()
    ids = TimeOrderedIds(clock, randomness)
    async with AsyncExitStack() as stack:
        if settings.postgresql_url:
            # The database has its own lock; keys and documents lie in folders of this host all the same.
            folder_lock = FolderLock(settings.data)
            folder_lock.take()
            stack.callback(folder_lock.give_back)
        store = open_store(location, clock=clock, ids=ids)
        stack.push_async_callback(store.close)
        empty = await store.read(lambda view: view.revision()) == 0
        secrets = open_secrets(settings, clock=clock, empty=empty)
        hasher = passwords or ArgonPasswords()
        stack.callback(hasher.close)
        blobs = FolderBlobs(settings.data / "blobs")
        pool = DocumentPool(
            ensure_fonts(settings.data / "fonts"), open_signer, workers=settings.render_workers
        )
        stack.callback(pool.close)
        kit = Kit(
            store=store,
            clock=clock,
            ids=ids,
            randomness=randomness,
            vault=RootVault(secrets.root),
            passwords=hasher,
            documents=PooledDocuments(pool, secrets.signers, viewer=settings.viewer),
            blobs=blobs,
            viewer=settings.viewer,
            sends_mail=mailer is not None,
            mail_from="" if mailer is None else mailer.address,
            holidays=JapaneseHolidays(),
        )
        use_cases = make_use_cases(kit, secrets.log_key, FileWitness(settings.keys / CHECKPOINT_FILE))
        await use_cases.log.check_not_rolled_back()
        yield Register(settings, use_cases, kit, secrets, pool, mailer)


@asynccontextmanager
async def serving(register: Register) -> AsyncIterator[tuple[GrpcServer, str]]:
    """Serve a register: give the server and the address that clients use. Whoever serves drains the server, too."""
    settings = register.settings
    pipeline = make_pipeline(
        register.use_cases,
        register.kit,
        facts=ServerFacts(
            version=software_version(),
            demo=settings.demo,
            log_origin=register.secrets.log_key.name,
            log_verifier_key=register.secrets.log_key.verifier_key,
            root_certificates=register.secrets.signers.roots,
        ),
        authenticate=_authenticator(register),
        authorise=authorise,
        admission=Admission(
            {
                Lane.CALLS: settings.max_calls,
                Lane.HEAVY: settings.max_heavy,
                Lane.TRANSFERS: settings.max_transfers,
                Lane.WATCHES: settings.max_watches,
            }
        ),
        client_certificates=settings.client_ca is not None,
    )
    server = GrpcServer(server_options(settings), pipeline, lambda: _probe(register), ssh_host_door(settings))
    figures = CollectorRegistry()
    async with AsyncExitStack() as stack:
        stack.enter_context(metrics_served(figures, settings.metrics_listen))
        # After the server and its jobs: what was issued last is in the checkpoint that is kept, as after any second.
        stack.push_async_callback(_sign_checkpoint, register)
        jobs = (_warm_up, _sign_checkpoints, _run_daily)
        for job in (*(each(register) for each in jobs), tell_openings(register.use_cases.notices)):
            task = asyncio.create_task(job)
            stack.push_async_callback(_end, task)
        _start_sending(register, figures, stack)
        address = await server.start()
        _spare_what_stays()
        yield server, address


def _start_sending(register: Register, figures: CollectorRegistry, stack: AsyncExitStack) -> None:
    """Send mail beside the server, where there is a mail server; at the end the mail under way is waited for."""
    if register.mailer is None:
        return
    settings, kit = register.settings, register.kit
    mailing = Mailing(kit, register.mailer)
    sender = MailSender(mailing, RetryWishes(settings.data), kit.clock, MailMetrics(figures))
    sender.wake_after(kit.store)
    stack.push_async_callback(sender.stop, settings.drain_seconds, asyncio.create_task(sender.run()))


def _spare_what_stays() -> None:
    """Take all that was made until now out of the collector's rounds.

    Modules, descriptors and compiled rules are some hundred thousand objects that live as long as the process. A
    full collection looks at each of them with every call standing still: that was the slowest hundredth of calls.
    """
    gc.collect()
    gc.freeze()


def server_options(settings: Settings) -> ServerOptions:
    """Give where and how to listen by the settings."""
    return ServerOptions(listen_address(settings), _tls_files(settings), settings.drain_seconds)


def ssh_host_door(settings: Settings) -> SshHostDoor | None:
    """Give the door of the SSH host, where there is to be one. Raises ``ListenError``."""
    if not settings.ssh_host_listen:
        return None
    return SshHostDoor(
        DoorOptions(
            settings.ssh_host_listen,
            settings.ssh_host_account,
            settings.ssh_host_certificate,
            _tls_files(settings),
        )
    )


def _tls_files(settings: Settings) -> TlsFiles | None:
    if settings.tls_cert is None or settings.tls_key is None:
        return None
    return TlsFiles(settings.tls_cert, settings.tls_key, settings.client_ca)


def listen_address(settings: Settings) -> str:
    """Give where to listen: the setting, else the user's own socket."""
    if settings.listen:
        return settings.listen
    return f"unix:{default_socket(os.environ, os.getuid(), Path(tempfile.gettempdir()))}"


def _authenticator(register: Register) -> Authenticate:
    sessions = register.use_cases.sessions

    async def authenticate(token: str, peer: str) -> Caller:
        try:
            parsed = parse_session_token(token)
        except TokenError:
            raise refuse(Reason.UNAUTHENTICATED) from None
        return await sessions.authenticate(parsed.session_id, parsed.secret, "", peer)

    return authenticate


async def _probe(register: Register) -> None:
    await register.kit.store.read(lambda view: view.revision())


async def _warm_up(register: Register) -> None:
    """Start the processes that render. Without them all but documents is served, and each call tries them again."""
    try:
        await register.pool.start()
    except Exception as error:
        _LOG.error("rendering.failed", fault=describe_fault(error))


async def _sign_checkpoints(register: Register) -> None:
    """Sign the log within a second after each commit that made it grow."""
    while True:
        await _sign_checkpoint(register)
        await asyncio.sleep(SIGN_EVERY_SECONDS)


async def _sign_checkpoint(register: Register) -> None:
    try:
        await register.use_cases.log.sign()
    except RefusedError as error:
        _LOG.warning("checkpoint.refused", reason=error.reason)
    except Exception as error:
        _LOG.error("checkpoint.failed", fault=describe_fault(error))


async def _run_daily(register: Register) -> None:
    """Record lapses and expiries soon after each midnight in Japan, and at the start for the time before."""
    done: object = None
    while True:
        today = japan_day(register.kit.clock.now())
        if today != done:
            try:
                recorded = await register.use_cases.daily.run()
                done = today
                _LOG.info("daily", recorded=recorded)
            except Exception as error:
                _LOG.error("daily.failed", fault=describe_fault(error))
        await asyncio.sleep(_until_next_look(register.kit.clock.now()).total_seconds())


def _until_next_look(now: datetime) -> timedelta:
    midnight = timedelta(hours=24) - timedelta(
        hours=(now.hour + 9) % 24, minutes=now.minute, seconds=now.second
    )
    return min(DAILY_EVERY, midnight + timedelta(seconds=1))


async def _end(task: "asyncio.Task[None]") -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


def with_listen(settings: Settings, listen: str) -> Settings:
    """Give the settings with another address to listen at."""
    return replace(settings, listen=listen)
