"""The register's log: signed checkpoints soon after each commit, and proofs for those who check them."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tashika_formats import merkle
from tashika_formats.checkpoint import Checkpoint, parse_checkpoint_text, parse_note
from tashika_server.application.kit import Kit
from tashika_server.application.ports import Done, Ids, LogSigner, ReadLog, ReadView, UnitOfWork, Witness
from tashika_server.domain.reasons import Reason, refuse

SIGN_EVERY_SECONDS = 0.5
"""Half of the second within which a checkpoint follows a commit."""


class RolledBackError(Exception):
    """The store is older than, or another than, the checkpoint kept beside it."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof's hashes, for trees of these sizes."""

    hashes: Sequence[bytes]
    tree_size: int


class Log:
    """Use cases about the log."""

    def __init__(self, kit: Kit, signer: LogSigner, witness: Witness) -> None:
        self._kit = kit
        self._signer = signer
        self._witness = witness
        self._signing = asyncio.Lock()

    @property
    def signer(self) -> LogSigner:
        """The register's own key."""
        return self._signer

    async def check_not_rolled_back(self) -> None:
        """Compare the store with the checkpoint kept outside it.

        Raises ``RolledBackError`` where the store lacks leaves that were already published, or has others, and where
        the kept checkpoint can't be read.
        """
        try:
            kept = self._witness.last()
            published = parse_checkpoint_text(parse_note(kept.encode()).text) if kept is not None else None
        except ValueError:
            raise RolledBackError(
                "the checkpoint kept beside the store is damaged, so nobody can tell whether the store is an older "
                "one; compare it with a checkpoint that somebody else kept, then remove the damaged file"
            ) from None
        if published is None:
            return

        def matches(view: ReadView) -> bool:
            if view.log.size() < published.size:
                return False
            return merkle.root(published.size, view.log.node) == published.root

        if not await self._kit.store.read(matches, slow=True):
            raise RolledBackError(
                f"the store does not hold the published log of {published.size} leaves: it is older, or another one; "
                "restore the newest backup of the data. Only where there is none newer: remove the file `checkpoint` "
                "from the keys folder, and tell every holder of a certificate that was issued since"
            )

    async def checkpoint(self, at_least: int = 0) -> tuple[str, Checkpoint]:
        """Give a signed checkpoint of at least that many leaves, signing one now where none is there yet."""
        note = await self._kit.store.read(lambda view: _covering(view.log, at_least))
        if note is None:
            await self.sign()
            note = await self._kit.store.read(lambda view: _covering(view.log, at_least))
        if note is None:
            raise refuse(Reason.NOT_FOUND, resource="checkpoint")
        return note, parse_checkpoint_text(parse_note(note.encode()).text)

    async def sign(self) -> None:
        """Sign the log as it is, if it has grown since the last checkpoint.

        Whoever is cancelled meanwhile does not interrupt it: the file goes on being written in its thread, and a newer
        checkpoint, kept in between, would be replaced by the older one.
        """
        await asyncio.shield(asyncio.create_task(self._sign()))

    async def _sign(self) -> None:
        async with self._signing:
            tree = await self._kit.store.read(_unsigned_tree)
            if tree is None:
                return
            size, root = tree
            note = self._signer.sign_checkpoint(size, root)

            def command(uow: UnitOfWork, now: datetime, ids: Ids) -> Done[None]:
                uow.log.put_checkpoint(size, note)
                return Done(None)

            # Kept first: a checkpoint that somebody has seen must never be missing here, or an older store put back
            # would pass.
            await asyncio.to_thread(self._witness.keep, note)
            await self._kit.store.run(command)

    async def inclusion(self, leaf_index: int, tree_size: int) -> Proof:
        """Prove that a leaf is in the tree of a size; NOT_FOUND for a leaf or size beyond the log."""

        def query(view: ReadView) -> Proof:
            size = tree_size or view.log.size()
            if not 0 <= leaf_index < size <= view.log.size():
                raise refuse(Reason.NOT_FOUND, "leaf_index", resource="leaf")
            return Proof(merkle.inclusion_proof(leaf_index, size, view.log.node), size)

        return await self._kit.store.read(query)

    async def consistency(self, old_size: int, new_size: int) -> Proof:
        """Prove that the tree of the new size only appends to that of the old one."""

        def query(view: ReadView) -> Proof:
            size = new_size or view.log.size()
            if not 0 < old_size <= size <= view.log.size():
                raise refuse(Reason.NOT_FOUND, "old_tree_size", resource="leaf")
            return Proof(merkle.consistency_proof(old_size, size, view.log.node), size)

        return await self._kit.store.read(query)


def _covering(log: ReadLog, at_least: int) -> str | None:
    note = log.checkpoint()
    if note is None:
        return None
    return note if parse_checkpoint_text(parse_note(note.encode()).text).size >= at_least else None


def _unsigned_tree(view: ReadView) -> tuple[int, bytes] | None:
    size = view.log.size()
    if size == 0 or _covering(view.log, size) is not None:
        return None
    return size, merkle.root(size, view.log.node)
