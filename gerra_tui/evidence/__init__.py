"""What lies behind a signed URL, read by ranges: never all of it, never with the API's key.

`first_look` is the door: a source, its kind, what its format tells, the checks, one `Look`.
Behind it `storage` fetches ranges over a client of its own (and reads local files by the same
rules), `window` keeps what was read, counts it, and refuses what the budget does not hold;
`kinds` knows a format by its first and last bytes; `formats` has a module for each, pure Python
over a window.
"""
