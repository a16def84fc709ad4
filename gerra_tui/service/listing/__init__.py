"""The rows of one query, at any length, in an order that never lies.

`queue` is the door. Behind it `pager` puts pages together (`layout`, `id_table`, `row_cache`,
`total`), `fetching` gets what the lines on the screen need (`needs`, `in_flight`), `ordering` and
`covering` sort on this side, `arrivals` and `polling` look quietly for what is new, `probes` are
requests beside the pages.
"""
