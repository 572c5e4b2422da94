"""Keeps a fault in one handler from ending the client."""

from typing import TYPE_CHECKING, cast

from textual.message import Message
from textual.message_pump import MessagePump

if TYPE_CHECKING:
    from tashika_tui.app import TashikaApp


class Guarded(MessagePump):
    """A screen or widget whose handlers may fail: the fault is kept and shown, and the widget lives on.

    Without it Textual ends the message loop of the widget and then the whole app.
    """

    async def _dispatch_message(self, message: Message) -> None:
        try:
            await super()._dispatch_message(message)
        except Exception as error:
            self.tell_fault(error)

    def tell_fault(self, error: Exception) -> None:
        """Keeps a fault of this programme, and tells the person its reference."""
        cast("TashikaApp", self.app).report_fault(error)
