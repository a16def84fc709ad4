"""Values to text, pure: what is said of a row, a dataset, a state, an outbox."""
