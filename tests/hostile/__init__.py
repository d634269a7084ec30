"""What a stranger may try, as data: pages.toml, files.toml, settings.toml."""
