"""The lead time: how long it took from the application to the handing in of the key."""

from tashika_server.domain.model import Contract, FactKind


def lead_time_seconds(contract: Contract) -> int | None:
    """Give the whole seconds from the last submission to the first handing in; ``None`` before both are
    known.
    """
    handed_in = [fact.time for fact in contract.facts if fact.kind is FactKind.HANDED_IN]
    if contract.steps.submitted is None or not handed_in:
        return None
    return int((min(handed_in) - contract.steps.submitted).total_seconds())
