"""The use cases of the console, over the Protocols in `ports`.

`listing/` has the rows of one query, `decisions/` a verdict on its way; neither knows the other.
`details` fetches what the pane shows, `failures` are what can go wrong, by what one can do about
it.
"""
