"""The six calls of the datasets API, and the demo's own for tests."""
