"""`python -m gerra_tui.demo`: the demo service alone."""

from __future__ import annotations

import sys

from gerra_tui.demo.server import main

sys.exit(main())
