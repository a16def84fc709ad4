"""`python -m gerra_tui` is `gerra-tui`."""

import sys

from gerra_tui.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
