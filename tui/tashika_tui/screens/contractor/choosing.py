"""What an application chooses from: works, orderers, guarantors and their offices."""

from collections.abc import Sequence

from tashika_tui.client.records import Application, Guarantor, PageRequest, Works
from tashika_tui.i18n import say
from tashika_tui.screens.base import BaseScreen
from tashika_tui.screens.contractor.drafting import NEW_WORKS
from tashika_tui.screens.shared.names import read_guarantors, read_names
from tashika_tui.widgets.form import Choice, Form

_PAGE = 200
_PAGES = 10


class Choosing(BaseScreen[None]):
    """A screen whose forms `works` and `guarantee` offer what the register has."""

    def __init__(self) -> None:
        super().__init__()
        self._works: dict[str, Works] = {}
        self._guarantors: dict[str, Guarantor] = {}
        self._read = False
        self._orderers: dict[str, str] = {}

    async def read_choices(self) -> None:
        """Asks for them, and offers them."""
        self._guarantors = {each.organization_id: each for each in await read_guarantors(self)}
        await self._read_orderers()
        await self._read_works()
        self._read = True
        self._offer()

    def works(self, works_id: str) -> Works | None:
        """The works contract with this id; None where there is none."""
        return self._works.get(works_id)

    def add_works(self, works: Works) -> None:
        """One more works contract to choose."""
        self._works.setdefault(works.works_id, works)
        self._offer()

    def put_works(self, works: Works) -> None:
        """The works contract as it is now."""
        self._works[works.works_id] = works
        self._offer()

    def offer_branches(self, guarantor_id: str) -> None:
        """The offices of a guarantor."""
        if not self._guarantors:
            # Not read yet; what is chosen stays until it is.
            return
        guarantor = self._guarantors.get(guarantor_id)
        branches = guarantor.branches if guarantor is not None else ()
        form = self.query_one("#guarantee", Form)
        form.set_choices("branch", [Choice(branch.name, branch.name) for branch in branches])

    def known_names(self) -> dict[str, str]:
        """The names of orderers and guarantors by id."""
        return self._orderers | {key: each.name for key, each in self._guarantors.items()}

    async def names_of(self, application: Application) -> dict[str, str]:
        """The names that an application needs."""
        return self.known_names() | await read_names(self, application)

    def _offer(self) -> None:
        if not self._read:
            # An offer without all of them would take away what is chosen.
            return
        self.query_one("#works", Form).set_choices(
            "works_id", [*self._works_choices(), Choice(NEW_WORKS, say("contractor.new_works"))]
        )
        self.query_one("#works", Form).set_choices(
            "works.orderer_id", [Choice(key, name) for key, name in self._orderers.items()]
        )
        self.query_one("#guarantee", Form).set_choices(
            "guarantor_id", [Choice(key, each.name) for key, each in self._guarantors.items()]
        )

    def _works_choices(self) -> Sequence[Choice]:
        return [
            Choice(
                each.works_id,
                "  ".join(part for part in (each.number, each.name) if part),
            )
            for each in self._works.values()
        ]

    async def _read_works(self) -> None:
        token = ""
        for _ in range(_PAGES):
            page = PageRequest(_PAGE, token)
            found = await self.ask(lambda register, page=page: register.list_works(page))  # type: ignore[misc]
            for works in found.items:
                self._works[works.works_id] = works
            token = found.next_page_token
            if not token:
                return

    async def _read_orderers(self) -> None:
        token = ""
        for _ in range(_PAGES):
            page = PageRequest(_PAGE, token)
            found = await self.ask(lambda register, page=page: register.list_orderers(page))  # type: ignore[misc]
            self._orderers |= {each.orderer_id: each.name for each in found.items}
            token = found.next_page_token
            if not token:
                return
