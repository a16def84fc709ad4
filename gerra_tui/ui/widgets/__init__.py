"""What is painted: list, pane, bars, fields. A widget knows no service."""
