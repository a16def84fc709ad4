"""The program as its user meets it: in a pseudo-terminal, through tmux, through sshd."""
