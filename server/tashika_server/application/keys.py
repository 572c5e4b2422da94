"""The authentication key: read by the contractor alone, handed in to the orderer, its openings seen by both."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from tashika_formats.key import KEY_ENTROPY_BYTES, make_key
from tashika_server.application.caller import Caller
from tashika_server.application.kit import Kit, change_by, commit, same_revision
from tashika_server.application.lookups import contract_of, not_found, orderer
from tashika_server.application.notifying import tell_change
from tashika_server.application.ports import Done, Ids, KeyMaterial, OpeningRow, Replay, UnitOfWork
from tashika_server.domain import lifecycle
from tashika_server.domain.calendar import japan_day
from tashika_server.domain.generations import current_generation
from tashika_server.domain.handing_in import HandInAdvice, advise
from tashika_server.domain.model import Certificate, Contract, Form, OrganizationKind, SealedKey
from tashika_server.domain.policy import Channel, Orderer, Policy
from tashika_server.domain.reasons import Reason, refuse

OPENINGS_SHOWN = 200
"""The latest attempts; more would bury what a person looks for, and the counters alarm before that."""

Step = Callable[[UnitOfWork, Contract, datetime, Ids], Contract]


@dataclass(frozen=True, slots=True)
class RevealedKey:
    """A key in clear, with what it belongs to. Never logged, never kept."""

    key: str = field(repr=False)
    generation: int
    created_time: datetime
    contract: Contract
    certificate: Certificate
    advice: HandInAdvice


class Keys:
    """Use cases about keys."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def reveal(self, caller: Caller, contract_id: str, action: str = "key.read") -> RevealedKey:
        """Give the key to the contractor; that it was read is audited in the same transaction."""
        change = change_by(caller, action)

        def command(
            uow: UnitOfWork, now: datetime, ids: Ids
        ) -> Done[tuple[Contract, Certificate, SealedKey, Orderer]]:
            contract = contract_of(uow, caller, contract_id)
            form = (contract.terms or contract.application).form
            if contract.paper_issue is not None or (contract.version == 0 and form is Form.PAPER):
                raise refuse(Reason.NO_KEY_FOR_PAPER)
            certificate = uow.certificates.version(contract_id, contract.version)
            sealed = uow.keys.current(contract_id)
            if certificate is None or sealed is None:
                raise refuse(Reason.NOT_ISSUED)
            uow.audit(change, contract_id, {"generation": sealed.generation})
            return Done((contract, certificate, sealed, orderer(uow, certificate.orderer_id)))

        outcome = await self._kit.store.run(command)
        if outcome.value is None:
            raise refuse(Reason.OUTCOME_UNKNOWN)
        contract, certificate, sealed, party = outcome.value
        key = self._kit.vault.unseal_key(sealed)
        return RevealedKey(
            key,
            sealed.generation,
            sealed.created_time,
            contract,
            certificate,
            hand_in_advice(contract, party),
        )

    async def notice(self, caller: Caller, contract_id: str) -> tuple[RevealedKey, bytes]:
        """Render the key notice (認証キーのお知らせ) as PDF, anew at each download."""
        revealed = await self.reveal(caller, contract_id, "key.notice")
        day = japan_day(self._kit.clock.now()).isoformat()
        pdf = await self._kit.documents.key_notice(
            revealed.certificate, revealed.contract, revealed.key, revealed.advice, day
        )
        return revealed, pdf

    async def record_hand_in(
        self,
        caller: Caller,
        contract_id: str,
        version: int,
        channel: Channel,
        note: str,
        time: datetime | None,
        expected: int | None,
        replay: Replay | None,
    ) -> Contract:
        """Record that the contractor handed the key of a version (0: the current one) in, at ``time`` (absent: now)."""

        def step(uow: UnitOfWork, contract: Contract, now: datetime, ids: Ids) -> Contract:
            return lifecycle.hand_in(
                contract,
                version=version or contract.version,
                channel=channel,
                note=note,
                time=time or now,
                user_id=caller.user_id,
                now=now,
            )

        return await self._take(caller, contract_id, "contract.hand_in", step, expected, replay)

    async def confirm_by_phone(
        self,
        caller: Caller,
        contract_id: str,
        version: int,
        officer: str,
        note: str,
        time: datetime | None,
        expected: int | None,
        replay: Replay | None,
    ) -> Contract:
        """Record that the contractor called the orderer about the handing in of a version (0: the current one)."""

        def step(uow: UnitOfWork, contract: Contract, now: datetime, ids: Ids) -> Contract:
            chosen = version or contract.version
            return lifecycle.confirm_by_phone(
                contract, chosen, officer, note, time or now, caller.user_id, now
            )

        return await self._take(caller, contract_id, "contract.phone", step, expected, replay)

    async def tell_orderer(
        self,
        caller: Caller,
        contract_id: str,
        officer: str,
        note: str,
        time: datetime | None,
        expected: int | None,
        replay: Replay | None,
    ) -> Contract:
        """Record that the guarantor told the orderer of the key that it issued anew."""

        def step(uow: UnitOfWork, contract: Contract, now: datetime, ids: Ids) -> Contract:
            return lifecycle.tell_orderer(contract, officer, note, time or now, caller.user_id, now)

        return await self._take(caller, contract_id, "contract.tell_orderer", step, expected, replay)

    async def reissue(
        self,
        caller: Caller,
        contract_id: str,
        reason: str,
        note: str,
        expected: int | None,
        replay: Replay | None,
    ) -> Contract:
        """Make a new key and revoke the old one in one transaction: there is always exactly one that opens.

        Before the handing in by the contractor, after it by the guarantor; see ``lifecycle.reissue`` for what is
        refused. The new key is read as the first one was, by the contractor alone.
        """
        key = make_key(self._kit.randomness.token(KEY_ENTROPY_BYTES))
        change = change_by(caller, "key.reissue")

        def step(uow: UnitOfWork, contract: Contract, now: datetime, ids: Ids) -> Contract:
            generation = current_generation(contract)
            reissued = lifecycle.reissue(
                contract,
                by_guarantor=caller.organization_kind is OrganizationKind.GUARANTOR,
                opened=uow.openings.first_success(contract.number, generation) is not None,
                reason=reason,
                note=note,
                user_id=caller.user_id,
                now=now,
            )
            # What waits would hand the old key in.
            uow.key_mails.drop(contract_id)
            old = uow.keys.current(contract_id)
            if old is None or old.generation != generation:
                # Never a key revoked without a new one, and never a new one beside one that is not known.
                raise refuse(Reason.INTERNAL)
            uow.keys.save(replace(old, revoked_time=now), change)
            key_id = ids.new("key")
            material = self._kit.vault.seal_key(key, contract.number, key_id, generation + 1)
            uow.keys.add(sealed_key(contract, key_id, generation + 1, material, now), change)
            return reissued

        return await self._take(caller, contract_id, "key.reissue", step, expected, replay)

    async def _take(
        self,
        caller: Caller,
        contract_id: str,
        action: str,
        step: Step,
        expected: int | None,
        replay: Replay | None,
    ) -> Contract:
        """Take a step of a contract's key, and keep the contract as it is then."""
        change = change_by(caller, action)

        def command(uow: UnitOfWork, now: datetime, ids: Ids) -> Done[Contract]:
            contract = contract_of(uow, caller, contract_id)
            same_revision(contract.revision, expected)
            changed = step(uow, contract, now, ids)
            uow.contracts.save(changed, change)
            tell_change(self._kit, uow, contract, changed, by=caller.user_id, now=now, ids=ids)
            return Done(changed, (contract_id,))

        return await commit(self._kit, command, replay, lambda view: view.contracts)

    async def openings(self, caller: Caller, contract_id: str) -> Sequence[OpeningRow]:
        """List the latest attempts to open, right and wrong, for contractor and guarantor."""

        def number_of(contract: Contract) -> str:
            if not contract.number:
                raise not_found("contract", "contract_id")
            return contract.number

        return await self._kit.store.read(
            lambda view: view.openings.of_number(
                number_of(contract_of(view, caller, contract_id)), OPENINGS_SHOWN
            )
        )


def kept_policy_of(contract: Contract, party: Orderer) -> Policy:
    """Give the version of the orderer's policy that the contract keeps; without one, one that says nothing."""
    kept = party.version(contract.policy_version) if contract.policy_version else None
    return kept.policy if kept else Policy()


def hand_in_advice(contract: Contract, party: Orderer, version: int | None = None) -> HandInAdvice:
    """Say how the orderer wants this contract's key for a version (absent: the current one), by the policy version that
    the contract keeps."""
    return advise(kept_policy_of(contract, party), contract, version)


def sealed_key(
    contract: Contract, key_id: str, generation: int, material: KeyMaterial, now: datetime
) -> SealedKey:
    """Give a fresh key of a contract as the store keeps it."""
    return SealedKey(
        key_id=key_id,
        contract_id=contract.contract_id,
        contract_number=contract.number,
        generation=generation,
        created_time=now,
        ciphertext=material.ciphertext,
        nonce=material.nonce,
        wrapped_data_key=material.wrapped_data_key,
        secret_version=material.secret_version,
        digest=material.digest,
    )
