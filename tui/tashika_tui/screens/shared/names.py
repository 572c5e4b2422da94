"""The names behind the ids in an application."""

from typing import Any

from tashika_tui.client.errors import RefusedByServer, ServerNotReachable, SessionExpired
from tashika_tui.client.records import Application, Guarantor, PageRequest
from tashika_tui.screens.base import BaseScreen

_PAGE = 200


async def read_names(screen: BaseScreen[Any], application: Application) -> dict[str, str]:
    """The names of its orderer and of the guarantors by id. An id without a name stands for itself."""
    names = {each.organization_id: each.name for each in await read_guarantors(screen)}
    orderer_id = application.works.orderer_id if application.works is not None else ""
    if orderer_id:
        try:
            found = await screen.ask(lambda register: register.get_orderer(orderer_id))
            names[orderer_id] = found.name
        except (SessionExpired, ServerNotReachable):
            raise
        except RefusedByServer:
            # An orderer that is no longer there is shown by its id.
            pass
    return names


async def read_guarantors(screen: BaseScreen[Any]) -> tuple[Guarantor, ...]:
    """The guarantors that work here."""
    page = await screen.ask(lambda register: register.list_guarantors(PageRequest(_PAGE)))
    return tuple(each for each in page.items if not each.disabled)
