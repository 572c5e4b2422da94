"""The simulation's certificates, and their opening."""

from datetime import timedelta

from tashika_formats.key import KeyTypingError, normalise_key
from tashika_formats.number import NumberTypingError, normalise_number
from tashika_tui.client import records
from tashika_tui.client.fake.entry import ANYONE, PARTIES, FakeCalls
from tashika_tui.client.fake.key_life import generation_of
from tashika_tui.client.fake.noticing import tell_attempt
from tashika_tui.client.fake.refusals import Refused, Violation, refuse
from tashika_tui.client.fake.world import Person

VIEWING_MINUTES = 10
_PEER = "192.0.2.7"
_RUNNING = ("IN_FORCE",)


class FakeCertificates(FakeCalls):
    """The port's `Certificates`."""

    async def list_certificates(self, contract_id: str) -> tuple[records.VersionRow, ...]:
        """All versions of a contract's certificate, the latest first."""

        def act(person: Person) -> tuple[records.VersionRow, ...]:
            self._seen(person, contract_id)
            return self._versions(contract_id)

        return await self._read("ListCertificates", PARTIES, act)

    async def get_certificate(self, contract_id: str, version: int = 0) -> records.CertificateView:
        """A version (0: the current one)."""

        def act(person: Person) -> records.CertificateView:
            contract = self._seen(person, contract_id)
            return records.CertificateView(
                self._version(contract_id, version), contract.version, contract.state
            )

        return await self._read("GetCertificate", PARTIES, act)

    async def download_certificate(self, contract_id: str, version: int = 0) -> records.File:
        """The PDF of a version, by the session."""

        def act(person: Person) -> records.File:
            self._seen(person, contract_id)
            return self._pdf(contract_id, version)

        return await self._read("DownloadCertificate", PARTIES, act)

    async def open_certificate(self, contract_number: str, key: str) -> records.OpenedCertificate:
        """Opens a certificate with number and authentication key; needs no session."""

        def act(_person: Person) -> records.OpenedCertificate:
            number, typed = _typed(contract_number, key)
            return self._opened(number, typed)

        return await self._read("OpenCertificate", ANYONE, act)

    async def verify_certificate(self, pdf_sha256: str) -> records.RegisterAnswer | None:
        """What the register says of a file; None: it issued no such file."""

        def act(_person: Person) -> records.RegisterAnswer | None:
            found = self.world.bundles.get(pdf_sha256)
            contract = self.world.contract(found[0]) if found is not None else None
            if found is None or contract is None:
                return None
            current = "CURRENT" if contract.state in _RUNNING else "ENDED"
            return records.RegisterAnswer(
                standing=current if found[1] == contract.version else "SUPERSEDED",
                contract_number=contract.contract_number,
                version=found[1],
                current_version=contract.version,
                contract_state=contract.state,
                bundle=self.world.papers.bundle_now(found[2], contract.state, contract.version),
                check_time=self.world.now,
            )

        return await self._read("VerifyCertificate", ANYONE, act)

    async def download_viewed(self, viewing_token: str, version: int = 0) -> records.File:
        """The PDF of a version, by the viewing token of an opening."""

        def act(_person: Person) -> records.File:
            contract_id, until = self.world.viewing.get(viewing_token, ("", self.world.now))
            if not contract_id or until <= self.world.now:
                raise refuse("VIEWING_TOKEN_INVALID")
            return self._pdf(contract_id, version)

        return await self._read("DownloadCertificate", ANYONE, act)

    def _opened(self, number: str, key: str) -> records.OpenedCertificate:
        world = self.world
        index = world.generated.index_of_number(number)
        contract_id = world.numbers.get(
            number, world.generated.contract_id(index) if index is not None else ""
        )
        contract = world.contract(contract_id) if contract_id else None
        right = contract is not None and world.keys.get(contract.contract_id) == key
        generation = generation_of(contract) if contract is not None and right else 0
        attempt = records.Opening(world.now, right, _PEER, generation)
        attempts = world.openings.setdefault(number, [])
        attempts.append(attempt)
        if contract is not None:
            tell_attempt(world, contract, attempts)
        if contract is None or not right:
            raise refuse("WRONG_NUMBER_OR_KEY")
        token, until = world.new_id("vwt"), world.now + timedelta(minutes=VIEWING_MINUTES)
        world.viewing[token] = (contract_id, until)
        current = self._version(contract_id, 0)
        return records.OpenedCertificate(
            contract_id=contract_id,
            contract_number=number,
            version=current.version,
            contract_state=contract.state,
            demo=True,
            pdf_sha256=current.pdf_sha256,
            envelope=current.envelope,
            statement_signature=current.statement_signature,
            chain=current.chain,
            versions=self._versions(contract_id),
            viewing_token=token,
            viewing_token_expire_time=until,
        )

    def _versions(self, contract_id: str) -> tuple[records.VersionRow, ...]:
        return tuple(
            records.VersionRow(
                each.certificate_id,
                each.version,
                each.issue_date,
                each.issue_time,
                each.pdf_sha256,
                each.pdf_size_bytes,
            )
            for each in reversed(self.world.certificates.get(contract_id, []))
        )

    def _version(self, contract_id: str, version: int) -> records.Certificate:
        issued = self.world.certificates.get(contract_id, [])
        if not issued or version > len(issued):
            raise refuse("NOT_ISSUED", "version" if issued else "")
        return issued[version - 1]

    def _pdf(self, contract_id: str, version: int) -> records.File:
        found = self._version(contract_id, version)
        content = self.world.pdfs[contract_id, found.version]
        name = f"certificate-{found.contract_number}-{found.version}.pdf"
        return records.File(name, "application/pdf", found.pdf_sha256, content)


def _typed(number: str, key: str) -> tuple[str, str]:
    violations = []
    plain_number = plain_key = ""
    try:
        plain_number = normalise_number(number)
    except NumberTypingError as error:
        violations.append(Violation("NUMBER_TYPING_ERROR", "contract_number", _problem(error)))
    try:
        plain_key = normalise_key(key)
    except KeyTypingError as error:
        violations.append(Violation("KEY_TYPING_ERROR", "key", _problem(error)))
    if violations:
        raise Refused(*violations)
    return plain_number, plain_key


def _problem(error: NumberTypingError | KeyTypingError) -> dict[str, object]:
    return {"problem": error.code, "position": error.position or 0}
