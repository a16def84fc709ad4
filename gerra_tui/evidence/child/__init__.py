"""What parses foreign bytes in C runs here, in a process that owns nothing.

`host` starts it, answers its requests for bytes, and ends it. `guest` is what runs in there; it has
no URL, no environment, no file to write, little memory and, on Linux, no network, and does one job:
`columns`, `episodes`, `tree`, `picture` or `frames`. The two speak over its stdin and stdout:

    parent  a line of JSON: the job, the size of the file, what the job needs
    child   `R offset length`            parent  `D length` and the bytes, or `N` for no
    child   `J length length`, JSON and raw bytes: the end
"""
