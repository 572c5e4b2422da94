"""電子保証にかかる「認証キー」のお知らせ: saving it, and what comes next."""

from typing import Any

from tashika_tui.client.records import Contract, ContractRow, File
from tashika_tui.screens.base import BaseScreen


async def deliver_notice(screen: BaseScreen[Any], contract: Contract | ContractRow) -> None:
    """Saves the notice of the key, and then shows how this orderer wants the key handed in."""
    from tashika_tui.screens.contractor.handing_in import HandInScreen

    async def fetch() -> File:
        return await screen.ask(lambda register: register.download_key_notice(contract.contract_id))

    if await screen.deliver_from(fetch, ("notice", contract.contract_number)):
        screen.app.push_screen(HandInScreen(contract.contract_id))
