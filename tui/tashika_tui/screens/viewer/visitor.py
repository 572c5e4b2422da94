"""The viewer by itself: for somebody who came to a host without an account, and can go nowhere else."""

from tashika_tui.screens.viewer.opening import OpeningScreen


class VisitorScreen(OpeningScreen):
    """Number and key, as the first screen."""

    FOOTER = ("submit", "language", "theme", "palette", "help", "quit")

    def __init__(self) -> None:
        super().__init__()
        self.is_root = True

    async def load(self) -> None:
        """Looks at the server, so that a demonstration is marked as one."""
        await self.session.look_at_server()
        self.refresh_frame()
