"""A verdict on its way: decided, held, read again, sent, settled, recorded.

`decisions` is the door for screens, `dispatch` for scripts. `outbox` knows when each is tried
next (`hold`, `pace`), `sending` does one try, `rereading` compares with what was seen,
`recording` tells of it, `book` has all of a session, `orphans` what ended consoles left,
`taking_back` what `u` does.
"""
