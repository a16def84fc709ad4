"""The containers that robots are recorded in, each written by its specification, at any length."""
