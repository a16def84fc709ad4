"""How long tests wait for what is sure to come."""

from __future__ import annotations

from typing import Final

# Seconds. It costs nothing while all is well; a loaded machine has been seen to need 20.
PATIENCE: Final = 90.0
