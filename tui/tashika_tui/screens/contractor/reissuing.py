"""The key itself on the screen, and another one in its place, as the contractor can have them."""

from typing import Any

from tashika_tui.client.records import Contract, Key
from tashika_tui.i18n import say
from tashika_tui.screens.base import BaseScreen
from tashika_tui.screens.shared.intents import Intents


async def ask_for_key(screen: BaseScreen[Any], contract_id: str) -> Key | None:
    """Reads the key after a word that this is recorded; None: the person thought better of it."""
    question, yes = say("contractor.show_key_question"), say("contractor.show_key_yes")
    if not await screen.confirm(question, yes, lines=(say("contractor.show_key_about"),)):
        return None
    return await screen.ask(lambda register: register.get_key(contract_id))


async def reissue(screen: BaseScreen[Any], contract: Contract, intents: Intents) -> bool:
    """Issues the key anew, after the person has typed that this is meant. What was sent without an answer is the
    same request when it is sent again: a second new key would make the first one void.
    """
    lines = [say("key_life.at_once"), say("key_life.notice_void")]
    question, phrase, yes = say("key_life.question"), say("key_life.phrase"), say("key_life.yes")
    if not await screen.confirm_typed(question, phrase, yes, lines):
        return False
    await intents.send(
        "reissue",
        (contract.etag,),
        lambda request_id: screen.ask(lambda register: register.reissue_key(contract, request_id=request_id)),
    )
    screen.toast(say("key_life.done"))
    return True
