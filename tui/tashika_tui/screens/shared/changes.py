"""What changed, as far as one contract is concerned."""

from tashika_tui.client.records import ContractChanged, WatchEvent, WatchGap


def concerns(event: WatchEvent, contract_id: str) -> bool:
    """Whether a screen about this contract must read it again."""
    if isinstance(event, ContractChanged):
        return event.contract_id == contract_id
    return isinstance(event, WatchGap)
