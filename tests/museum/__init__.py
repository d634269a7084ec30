"""The bug museum: known mistakes of other implementations, and the tests that must catch them."""
