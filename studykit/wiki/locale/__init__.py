"""Phrases of the page chrome: one TOML file a theme language, the same keys in each."""
