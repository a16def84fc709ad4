"""Values and pure functions, which know nothing of screens, networks and disks.

`dataset`, `iterations`, `page` and `statistics` are what the service gives; `decision`,
`revision` and `reasons` what a reviewer makes of it; `query/` is the language after `/`; `text`
cleans what is foreign.
"""
