"""One request id for one intent, however often it is sent."""

from collections.abc import Mapping

from tashika_tui.client.errors import RefusedByServer
from tashika_tui.client.intent import new_request_id
from tashika_tui.i18n import Wording
from tashika_tui.widgets.form import Form


class Intents:
    """Gives the same id for as long as the same thing is asked: then a second try after a lost answer is the
    same request, and another wish is another one.
    """

    def __init__(self) -> None:
        self._what: tuple[object, ...] | None = None
        self._id = ""

    def id_for(self, *what: object) -> str:
        """The id for this wish."""
        if what != self._what:
            self._what, self._id = what, new_request_id()
        return self._id


def shown_at_fields(form: Form, error: RefusedByServer) -> bool:
    """Shows what the server said of the form's fields beside them. False: nothing of it belongs there."""
    problems: dict[str, Wording] = {}
    for each in error.fields:
        name = each.field.removeprefix("application.").removeprefix("terms.")
        problems.setdefault(name, each.sentence)
    if not _named(form, problems):
        return False
    form.show_problems(problems)
    form.complete()
    return True


def _named(form: Form, problems: Mapping[str, Wording]) -> bool:
    return any(name in form.typed for name in problems)
