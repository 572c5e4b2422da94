"""Which guarantor signs with which key: one folder each below the keys folder, by the organisation's id."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog

from tashika_server.application.ports import Clock
from tashika_server.documents.content import SignerRef
from tashika_server.documents.service import GuarantorSigner
from tashika_server.domain.reasons import Reason, refuse
from tashika_server.security.authority import (
    CHAIN_FILE,
    KEY_FILE,
    ROOT_FILE,
    add_demo_signer,
    create_demo_authority,
    is_demo,
    load_chain,
    refuse_demo,
)
from tashika_server.security.signer import SignerError

PASSPHRASE_FILE = "passphrase"  # noqa: S105 - the name of a file

_LOG = structlog.get_logger("tashika.signers")


@dataclass(frozen=True, slots=True)
class _Kept:
    """A signer that was read, and the moments within which its certificate is valid."""

    signer: GuarantorSigner
    first: datetime
    last: datetime


class GuarantorSigners(Mapping[str, GuarantorSigner]):
    """The signers by organisation id, read when they are first asked for.

    A folder that is added while the server runs is found; one that changes is read again at the next start only.
    A certificate before or after its time is as good as none: verifiers would refuse what it signs. Without
    ``demo`` a chain of a demonstration authority is refused; with it, guarantors without a folder get a
    certificate of the demonstration authority, which is made at the first start; these are valid from the
    clock's time on.
    """

    def __init__(self, folder: Path, *, demo: bool, clock: Clock) -> None:
        self._folder = folder
        self._demo = demo
        self._clock = clock
        self._found: dict[str, _Kept] = {}
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if demo and not (folder / ROOT_FILE).exists():
            create_demo_authority(folder, {}, clock.now())

    def __getitem__(self, guarantor_id: str) -> GuarantorSigner:
        kept = self._kept(guarantor_id)
        if not kept.first <= self._clock.now() <= kept.last:
            _LOG.error("signer.out_of_time", guarantor=guarantor_id, valid_until=kept.last.isoformat())
            raise KeyError(guarantor_id)
        return kept.signer

    def __iter__(self) -> Iterator[str]:
        folders = (path for path in sorted(self._folder.iterdir()) if path.is_dir())
        # A name with a dot is what an attempt to make one left behind.
        return (path.name for path in folders if not path.name.startswith("."))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    @property
    def roots(self) -> tuple[str, ...]:
        """The root certificates in PEM that the signers' chains end in, as far as the chains hold them."""
        roots = {self._root(name) for name in self}
        if self._demo:
            roots.add((self._folder / ROOT_FILE).read_text(encoding="ascii"))
        return tuple(sorted(root for root in roots if root))

    def name_demo_signer(self, guarantor_id: str, name: str) -> None:
        """Give a guarantor of the demonstration its certificate under its own name."""
        add_demo_signer(self._folder, guarantor_id, name, self._clock.now())

    def _make_demo_signer(self, guarantor_id: str) -> None:
        try:
            self.name_demo_signer(guarantor_id, guarantor_id)
        except OSError as error:
            _LOG.error("signer.not_made", guarantor=guarantor_id, why=error.strerror)
            raise refuse(Reason.STORE_UNAVAILABLE) from error

    def _root(self, guarantor_id: str) -> str:
        """Give the root in PEM, also of a chain that is over: what it has signed is still to be verified."""
        try:
            return self._kept(guarantor_id).signer.root
        except KeyError:
            return ""

    def _kept(self, guarantor_id: str) -> _Kept:
        if guarantor_id not in self._found:
            self._found[guarantor_id] = self._read(guarantor_id)
        return self._found[guarantor_id]

    def _read(self, guarantor_id: str) -> _Kept:
        own = self._folder / guarantor_id
        if self._demo and not own.exists():
            self._make_demo_signer(guarantor_id)
        if not (own / KEY_FILE).exists():
            raise KeyError(guarantor_id)
        try:
            chain = load_chain(own)
            if not self._demo:
                refuse_demo(chain)
        except SignerError as error:
            _LOG.error("signer.refused", guarantor=guarantor_id, why=str(error))
            raise KeyError(guarantor_id) from error
        passphrase = own / PASSPHRASE_FILE
        reference = SignerRef(own / KEY_FILE, own / CHAIN_FILE, passphrase if passphrase.exists() else None)
        signer = GuarantorSigner(reference, is_demo(chain), chain.root_pem())
        return _Kept(signer, chain.signing.not_valid_before_utc, chain.signing.not_valid_after_utc)
