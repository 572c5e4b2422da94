"""Kinds of works: a code and its name. More may come: a policy may speak of codes that have no name here."""

from collections.abc import Iterable
from typing import Final

from tashika_server.domain.policy import Policy

WORKS_KINDS: Final = {
    "CONSTRUCTION": "建設工事",
    "CONSULTING": "測量・設計等（建設コンサルタント業務）",
    "SERVICES": "その他の業務委託",
}


def kind_name(code: str) -> str:
    """Give the Japanese name of a kind; the code itself where it has none."""
    return WORKS_KINDS.get(code, code)


def kinds_of(policies: Iterable[Policy]) -> tuple[str, ...]:
    """Give the codes that works may have under these policies: the named ones, then those that they speak of."""
    kinds = dict.fromkeys(WORKS_KINDS)
    for policy in policies:
        if policy.electronic is not None:
            kinds.update(dict.fromkeys(sorted(policy.electronic.works_kinds)))
        for part in (policy.prepayment, policy.midterm):
            if part is not None:
                kinds.update(dict.fromkeys(code for code, _ in part.by_kind))
    return tuple(kinds)
