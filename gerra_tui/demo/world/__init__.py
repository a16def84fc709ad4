"""Which datasets there are, what they say of themselves, and what happens to them."""
