"""Decisions on disk: a SQLite journal, shared by this user's consoles, and an append-only log."""
