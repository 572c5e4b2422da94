"""What is done with a register on its own host, beside serving it."""

from dataclasses import dataclass
from pathlib import Path

from tashika_server.application.orderers import Imported
from tashika_server.config import Settings, SettingsError
from tashika_server.domain.model import User
from tashika_server.host.register import CHECKPOINT_FILE, open_register, store_location
from tashika_server.security.root_secret import load_root_secret
from tashika_server.storage import fsck
from tashika_server.storage.backup import BLOBS_NAME, backup
from tashika_server.storage.blobs import FolderBlobs
from tashika_server.storage.store import migrate_store
from tashika_server.storage.witness import FileWitness


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a check found, a line each, and whether the register is sound."""

    lines: tuple[str, ...]
    sound: bool


async def import_policies(settings: Settings, text: str) -> Imported:
    """Take in a policy file."""
    async with open_register(settings) as register:
        return await register.use_cases.orderers.import_from_host(text)


async def make_operator(settings: Settings, login_name: str, name: str, password: str) -> User:
    """Make an operator's account."""
    async with open_register(settings) as register:
        return await register.use_cases.directory.create_operator(login_name, name, password)


def migrate_tables(settings: Settings) -> tuple[int, int]:
    """Bring the tables to this version; give the version before and after."""
    return migrate_store(store_location(settings))


def check_store(settings: Settings) -> CheckReport:
    """Check records, history, audit trail, log and files against each other, and that the keys are there."""
    load_root_secret(settings.keys)
    kept = FileWitness(settings.keys / CHECKPOINT_FILE).last()
    findings = fsck.check_store(store_location(settings), FolderBlobs(settings.data / BLOBS_NAME), kept)
    errors = [finding for finding in findings if finding.is_error]
    lines = [text for finding in findings for text in (finding.ja, f"  {finding.en}")]
    lines.append(f"異常 {len(errors)} 件 / {len(errors)} faults" if errors else "異常なし / sound")
    return CheckReport(tuple(lines), not errors)


def back_up(settings: Settings, target: Path) -> str:
    """Copy database, then documents; give a sentence about it."""
    if settings.postgresql_url:
        raise SettingsError("back PostgreSQL up with pg_dump first, then copy the blobs folder")
    report = backup(settings.data, target)
    return f"{target}: database {report.database_bytes:,} bytes, {report.blobs_copied} new documents"
