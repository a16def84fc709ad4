"""A verdict on its way: decided, held, read again, sent, settled, recorded.

`decisions` is the door for screens, `dispatch` for scripts. `journaling` writes what is new,
`withdrawing` takes it out again (`taking_back` is what `u` does), `writing` goes on when whoever
asked is gone. `outbox` knows when each is tried next (`hold`, `pace`), `sending` does one try,
`rereading` compares with what was seen, `recording` tells of it, `book` has all of a session,
`orphans` what ended consoles left.
"""
