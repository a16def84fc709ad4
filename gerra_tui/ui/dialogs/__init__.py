"""Modal questions. Each gives back a value, and does no input or output.

`dialog` is the box that all of them are.
"""
