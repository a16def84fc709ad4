"""The review screen.

`screen` is what Textual knows of it; each other module is a flow: what a kind of key does.
"""
