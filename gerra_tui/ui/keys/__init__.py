"""From a key to a command.

`commands` and `side_commands` are what can be done, `registry` which key does it; `burst` drops
what no finger types, `typeahead` gives keys one after the other.
"""
