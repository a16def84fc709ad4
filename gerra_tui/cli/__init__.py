"""What was typed.

`main` runs one command, `arguments` reads it, `scripts` and `doctor` answer it.
"""
