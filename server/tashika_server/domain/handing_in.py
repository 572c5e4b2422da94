"""Handing in: how an orderer wants the authentication key, and the dated facts that follow the issue."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tashika_server.domain.model import Application, Contract, Product
from tashika_server.domain.policy import HandInRule, Policy, VersionScope

PRODUCT_NAMES = {
    Product.PERFORMANCE: "契約保証",
    Product.PREPAYMENT: "前払金保証",
    Product.MIDTERM_PREPAYMENT: "中間前払金保証",
}

_PLACE = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class HandInAdvice:
    """How this orderer wants a key handed in, ready to show: enum tokens, and text with its places filled."""

    channel: str
    section: str = ""
    to: str = ""
    subject: str = ""
    body_items: tuple[str, ...] = ()
    before: str = ""
    phone_confirmation: bool = False
    other_documents: tuple[str, ...] = ()


def advise(policy: Policy, contract: Contract, version: int | None = None) -> HandInAdvice:
    """Say how the orderer wants the key of this contract for a version of its certificate (absent: the
    current).

    Of the rules for the product and the version the one counts that names the works' own section, else the
    first. Without a rule the channel is UNSPECIFIED: ask the section.
    """
    terms = contract.terms or contract.application
    current = version if version is not None else contract.version
    rules = [rule for rule in policy.hand_in if _is_for(rule, terms.product, current)]
    own = [rule for rule in rules if rule.section and rule.section == terms.works.section]
    rule = next(iter(own or rules), HandInRule())
    section = rule.section or terms.works.section
    addresses = {known.name: known.to for known in policy.sections}
    return HandInAdvice(
        channel=rule.channel.value,
        section=section,
        # A rule may say "the section in charge" (担当課) without its name: then the works' section is meant.
        to=rule.to or addresses.get(section, "") or addresses.get(terms.works.section, ""),
        subject=_fill(rule.subject, _places(contract, terms)),
        body_items=tuple(item.value for item in rule.body_items),
        before=rule.before.value if rule.before is not None else "",
        phone_confirmation=rule.phone_confirmation,
        other_documents=rule.other_documents,
    )


def contractor_name(contract: Contract) -> str:
    """Give the contractor as the orderer knows it: the joint venture, else the company."""
    terms = contract.terms or contract.application
    if terms.joint_venture is not None and terms.joint_venture.name:
        return terms.joint_venture.name
    return contract.principal.company if contract.principal is not None else contract.registrant.company


def _is_for(rule: HandInRule, product: Product | None, version: int) -> bool:
    scope = VersionScope.AMENDED if version > 1 else VersionScope.INITIAL
    return (not rule.products or product in rule.products) and rule.version in (scope, VersionScope.ANY)


def _places(contract: Contract, terms: Application) -> dict[str, str]:
    return {
        "works_number": terms.works.number,
        "works_name": terms.works.name,
        "product_name": PRODUCT_NAMES[terms.product] if terms.product is not None else "",
        "contractor_name": contractor_name(contract),
    }


def _fill(subject: str, places: Mapping[str, str]) -> str:
    """Fill the places of a subject once, so that a name with braces stays a name; an unknown number leaves no
    gap.
    """
    return _PLACE.sub(lambda match: places.get(match[1], match[0]), subject).strip()
