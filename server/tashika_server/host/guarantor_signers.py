"""Which guarantor signs with which key: one folder each below the keys folder, by the organisation's id."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import structlog

from tashika_server.application.ports import Clock
from tashika_server.documents.content import SignerRef
from tashika_server.documents.service import GuarantorSigner
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


class GuarantorSigners(Mapping[str, GuarantorSigner]):
    """The signers by organisation id, read when they are first asked for.

    A folder that is added while the server runs is found. Without ``demo`` a chain of a demonstration authority
    is refused; with it, guarantors without a folder get a certificate of the demonstration authority, which is
    made at the first start; these are valid from the clock's time on.
    """

    def __init__(self, folder: Path, *, demo: bool, clock: Clock) -> None:
        self._folder = folder
        self._demo = demo
        self._clock = clock
        self._found: dict[str, GuarantorSigner] = {}
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if demo and not (folder / ROOT_FILE).exists():
            create_demo_authority(folder, {}, clock.now())

    def __getitem__(self, guarantor_id: str) -> GuarantorSigner:
        if guarantor_id not in self._found:
            self._found[guarantor_id] = self._read(guarantor_id)
        return self._found[guarantor_id]

    def __iter__(self) -> Iterator[str]:
        return (path.name for path in sorted(self._folder.iterdir()) if path.is_dir())

    def __len__(self) -> int:
        return sum(1 for _ in self)

    @property
    def roots(self) -> tuple[str, ...]:
        """The root certificates in PEM that the signers' chains end in, as far as the chains hold them."""
        roots = {self[name].root for name in self if self._usable(name)}
        if self._demo:
            roots.add((self._folder / ROOT_FILE).read_text(encoding="ascii"))
        return tuple(sorted(root for root in roots if root))

    def name_demo_signer(self, guarantor_id: str, name: str) -> None:
        """Give a guarantor of the demonstration its certificate under its own name."""
        add_demo_signer(self._folder, guarantor_id, name, self._clock.now())

    def _usable(self, guarantor_id: str) -> bool:
        try:
            return bool(self[guarantor_id])
        except KeyError:
            return False

    def _read(self, guarantor_id: str) -> GuarantorSigner:
        own = self._folder / guarantor_id
        if self._demo and not own.exists():
            self.name_demo_signer(guarantor_id, guarantor_id)
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
        return GuarantorSigner(reference, is_demo(chain), chain.root_pem())
