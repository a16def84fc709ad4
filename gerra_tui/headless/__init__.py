"""The commands without a screen: each a function of its ports that gives the exit code."""
