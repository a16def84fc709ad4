"""The screens beside the review that have a help of their own."""

from __future__ import annotations

from gerra_tui.ui.screens.framed import FramedScreen
from gerra_tui.ui.screens.help import HelpScreen


class SideScreen(FramedScreen):
    """What is chosen in its help is done here."""

    def action_help(self) -> None:
        help_screen = HelpScreen(self.registry, self.CONTEXT)

        def run_chosen(_: None) -> None:
            if help_screen.chosen is not None:
                self.call_later(self.run_action, help_screen.chosen)

        self.app.push_screen(help_screen, run_chosen)
