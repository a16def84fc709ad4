"""One module a format: `async def look(window: Window) -> FormatLook`, pure Python over ranges.

A window comes with its last 64 kB read. A look reads what more its room holds; on OverBudget it
gives what it knows, an `unchecked` check that says what was not looked at, and a `Step` with its
price. It is called again on the same window with more room, where what was read before is kept.
Only StorageFailure escapes from it, whatever the bytes are.
"""
