"""A terminal console to review robot-training datasets."""

__version__ = "0.1.0"
