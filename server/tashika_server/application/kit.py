"""What every use case is made with, and the few steps that all of them take."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar, cast

from tashika_server.application.caller import Caller
from tashika_server.application.ports import (
    Blobs,
    Change,
    Clock,
    Command,
    Documents,
    Holidays,
    Ids,
    Outcome,
    Passwords,
    Randomness,
    ReadRecords,
    ReadView,
    Replay,
    Store,
    Vault,
)
from tashika_server.domain.model import Contract
from tashika_server.domain.reasons import Reason, refuse


@dataclass(frozen=True, slots=True)
class Kit:
    """The ports, wired. ``sends_mail``: whether this register has a mail server, so that mails are put into the
    outbox at all, and ``mail_from`` the address that they come from. ``viewer`` says to an orderer how the register is
    reached; empty: not said.
    """

    store: Store
    clock: Clock
    ids: Ids
    randomness: Randomness
    vault: Vault
    passwords: Passwords
    documents: Documents
    blobs: Blobs
    holidays: Holidays
    sends_mail: bool = False
    mail_from: str = ""
    viewer: str = ""


T = TypeVar("T")
E = TypeVar("E")


def change_by(caller: Caller, action: str) -> Change:
    """Name the caller as the one who does ``action``."""
    return Change(
        action=action,
        actor=caller.user_id or "anonymous",
        organization_id=caller.organization_id,
        peer=caller.peer,
    )


def with_revision(entity: E, revision: int) -> E:
    """Give the thing with the revision that its commit got."""
    return cast(E, replace(cast(Contract, entity), revision=revision))


async def commit(
    kit: Kit, command: Command[E], replay: Replay | None, records: Callable[[ReadView], ReadRecords[E]]
) -> E:
    """Run a command that changes one thing, and give that thing as the command left it.

    A repeated call gets the first answer: the thing as it was at the first call's revision.
    """
    return await settle(kit, await kit.store.run(command, replay), records)


async def settle(kit: Kit, outcome: Outcome[E], records: Callable[[ReadView], ReadRecords[E]]) -> E:
    """Give the thing that an outcome is about, from its value or, after a replay, from the history."""
    if outcome.value is not None:
        return with_revision(outcome.value, outcome.revision)
    return await first_answer(kit, outcome, 0, records)


async def first_answer(
    kit: Kit,
    outcome: Outcome[object] | Outcome[E],
    position: int,
    records: Callable[[ReadView], ReadRecords[T]],
) -> T:
    """Build a thing of a repeated call's first answer again from the history at that call's revision."""
    entity_id = outcome.result_ids[position]
    found = await kit.store.read(lambda view: records(view).at(entity_id, outcome.revision))
    if found is None:
        raise refuse(Reason.NOT_FOUND)
    return found


def same_revision(actual: int, expected: int | None) -> None:
    """Refuse where the caller decided on an older state (ETAG_MISMATCH); ``None`` expects nothing (AIP-154)."""
    if expected is not None and actual != expected:
        raise refuse(Reason.ETAG_MISMATCH, "etag")
