"""The table of what the menu offers, by role. Screens are loaded when they are first opened."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from textual.screen import Screen


def at(path: str) -> Callable[[str], Screen[Any]]:
    """The screen `package.module:Class`, made without arguments, or with one where something is asked for."""

    def make(argument: str) -> Screen[Any]:
        module, _, name = path.partition(":")
        found: Callable[..., Screen[Any]] = getattr(import_module(module), name)
        return found(argument) if argument else found()

    return make


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the menu. Its words are `entry.<id>` and `entry.<id>_about` in the catalogues.

    `roles` may open it; no roles: anybody, without an account, from the sign-in screen too.
    """

    id: str
    screen: Callable[[str], Screen[Any]]
    roles: frozenset[str] = frozenset()


_EVERY_ROLE = frozenset({"CONTRACTOR", "UNDERWRITER", "APPROVER", "OFFICER", "OPERATOR"})

_CONTRACTOR = frozenset({"CONTRACTOR"})
_GUARANTOR = frozenset({"UNDERWRITER", "APPROVER"})

ENTRIES: tuple[Entry, ...] = (
    Entry("contracts", at("tashika_tui.screens.contractor.lists:ContractList"), _CONTRACTOR),
    Entry("keys", at("tashika_tui.screens.contractor.lists:KeyList"), _CONTRACTOR),
    Entry("queue", at("tashika_tui.screens.guarantor.lists:QueueScreen"), _GUARANTOR),
    Entry("portfolio", at("tashika_tui.screens.guarantor.lists:PortfolioScreen"), _GUARANTOR),
    Entry("lead_times", at("tashika_tui.screens.guarantor.lead_times:LeadTimeScreen"), _GUARANTOR),
    Entry("notices", at("tashika_tui.screens.shared.notices:NoticesScreen"), _CONTRACTOR | _GUARANTOR),
    Entry("open_certificate", at("tashika_tui.screens.viewer.opening:OpeningScreen")),
    Entry("guide", at("tashika_tui.screens.guide.guide:GuideScreen")),
    Entry("ssh_keys", at("tashika_tui.screens.ssh_keys:SshKeysScreen"), _EVERY_ROLE - {"OPERATOR"}),
    Entry("password", at("tashika_tui.screens.password:PasswordScreen"), _EVERY_ROLE),
)

CONTRACT_SCREENS: Mapping[str, Callable[[str], Screen[Any]]] = {
    "CONTRACTOR": at("tashika_tui.screens.contractor.history:HistoryScreen"),
    "GUARANTOR": at("tashika_tui.screens.guarantor.review:ReviewScreen"),
}
"""The screen of one contract, by the kind of organisation that looks at it."""
