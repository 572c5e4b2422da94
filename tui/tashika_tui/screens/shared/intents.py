"""One request id for one intent, however often it is sent; and what was sent without an answer."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

from tashika_tui.client.errors import RefusedByServer, RegisterError, ServerNotReachable
from tashika_tui.client.intent import new_request_id
from tashika_tui.i18n import Wording
from tashika_tui.widgets.form import Form

T = TypeVar("T")


class Intents:
    """Gives the same id for as long as the same thing is asked: then a second try after a lost answer is the
    same request, and another wish is another one. There is one wish at a time of each kind (`save`, `fee`, ...).
    """

    def __init__(self) -> None:
        self._ids: dict[str, tuple[tuple[object, ...], str]] = {}
        self._unanswered: dict[str, Callable[[], Awaitable[Any]]] = {}

    def id_for(self, kind: str, *what: object) -> str:
        """The id for this wish."""
        held, request_id = self._ids.get(kind, (None, ""))
        if held != what:
            request_id = new_request_id()
            self._ids[kind] = (what, request_id)
        return request_id

    async def send(self, kind: str, what: tuple[object, ...], call: Callable[[str], Awaitable[T]]) -> T:
        """Sends a wish with `call`, which gets its id. Raises what the call raises."""
        request_id = self.id_for(kind, *what)
        return await self._send(kind, lambda: call(request_id))

    async def send_or_settle(
        self, kind: str, what: tuple[object, ...], call: Callable[[str], Awaitable[T]]
    ) -> T:
        """The same for what can be done once only: if another one was sent before without an answer, and was done,
        then that one counts, and its answer is given.
        """
        if not self.is_unanswered(kind, *what):
            earlier: T | None = await self.settle(kind)
            if earlier is not None:
                return earlier
        return await self.send(kind, what, call)

    def is_unanswered(self, kind: str, *what: object) -> bool:
        """Whether just this was sent, and nobody knows whether it was done."""
        return kind in self._unanswered and self._ids.get(kind, ((), ""))[0] == what

    async def settle(self, kind: str) -> Any:
        """Sends once more what has no answer yet, as it was, and gives the answer; None: nothing waits for one, or
        it was refused. Done before another wish follows, it leaves nothing behind that somebody else would find.
        """
        call = self._unanswered.get(kind)
        if call is None:
            return None
        try:
            return await self._send(kind, call)
        except ServerNotReachable:
            raise
        except RefusedByServer:
            return None

    async def _send(self, kind: str, call: Callable[[], Awaitable[T]]) -> T:
        self._unanswered[kind] = call
        try:
            answer = await call()
        except ServerNotReachable:
            raise
        except RegisterError:
            self._unanswered.pop(kind, None)
            raise
        self._unanswered.pop(kind, None)
        return answer


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
