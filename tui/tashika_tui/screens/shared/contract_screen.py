"""What the contractor's screens say of one contract."""

from typing import TypeVar

from tashika_tui.client.records import Contract
from tashika_tui.i18n import Texts
from tashika_tui.screens.base import BaseScreen
from tashika_tui.screens.shared.columns import number_of
from tashika_tui.widgets.words import Say

ResultT = TypeVar("ResultT")


class ContractScreen(BaseScreen[ResultT]):
    """A screen about one contract. It reads the contract when it is shown; `contract` is None before that."""

    DEFAULT_CSS = """
    ContractScreen #head { padding: 0 2; background: $surface; }
    """

    def __init__(self, contract_id: str) -> None:
        super().__init__()
        self.contract_id = contract_id
        self.contract: Contract | None = None

    async def read(self) -> Contract:
        """The contract as it stands now."""
        self.contract = await self.ask(lambda register: register.get_contract(self.contract_id))
        self.relabel()
        self.refresh_bindings()
        return self.contract

    def relabel(self) -> None:
        """The line that says which contract this is, where the screen has one."""
        if self.contract is None:
            return
        for head in self.query("#head").results(Say):
            head.say(head_text(self.contract, self.texts))


def head_text(contract: Contract, texts: Texts) -> str:
    """Which contract it is: number and state, works and product."""
    works = contract.application.works
    first = f"{number_of(contract, texts)}  {texts.choice('state', contract.state)}"
    product = texts.choice("product", contract.application.product)
    return f"{first}  {product}\n{works.name if works is not None else ''}"
