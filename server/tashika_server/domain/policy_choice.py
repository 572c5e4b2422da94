"""Which version of an orderer's policy judges a works contract."""

from dataclasses import dataclass
from datetime import date

from tashika_server.domain.model import WorksTerms
from tashika_server.domain.policy import Orderer, Policy, PolicyVersion


@dataclass(frozen=True, slots=True)
class DecisiveDate:
    """A date that decides, and the field that it came from. ``expected``: it stands in for an unknown date."""

    day: date
    field: str = ""
    expected: bool = False


@dataclass(frozen=True, slots=True)
class PolicyChoice:
    """The chosen version, or none; with the day that decided.

    ``valid_from`` is set where the orderer has policies, but none that is valid on that day yet: the first
    day of the earliest one. Without a version the defaults hold, and the electronic form is not accepted.
    """

    version: PolicyVersion | None
    decisive: DecisiveDate | None = None
    valid_from: date | None = None

    @property
    def policy(self) -> Policy:
        """The chosen policy, or an empty one, which has every default."""
        return self.version.policy if self.version is not None else Policy()


def contract_date(works: WorksTerms) -> DecisiveDate | None:
    """Give the contract date; an unknown one counts as the expected one. ``None``: neither is known."""
    if works.contract_date is not None:
        return DecisiveDate(works.contract_date, "contract_date")
    if works.expected_contract_date is not None:
        return DecisiveDate(works.expected_contract_date, "expected_contract_date", expected=True)
    return None


def choose_policy(orderer: Orderer | None, works: WorksTerms, today: date) -> PolicyChoice:
    """Choose the version with the latest ``valid_from`` that is not after the contract date.

    The expected contract date stands in for an unknown one, and ``today`` (Japan's day) for both. Of versions
    with the same ``valid_from`` the last one counts, which corrected the others.
    """
    decisive = contract_date(works) or DecisiveDate(today)
    versions = orderer.policies if orderer is not None else ()
    best: PolicyVersion | None = None
    for version in versions:
        since = version.policy.valid_from or date.min
        if since > decisive.day:
            continue
        if best is None or since >= (best.policy.valid_from or date.min):
            best = version
    if best is not None or not versions:
        return PolicyChoice(best, decisive)
    return PolicyChoice(None, decisive, min(v.policy.valid_from or date.min for v in versions))


def kept_policy(orderer: Orderer, version: int | None, works: WorksTerms) -> PolicyChoice:
    """Give the version that a contract keeps from its submission, which goes on judging it."""
    return PolicyChoice(orderer.version(version) if version is not None else None, contract_date(works))
