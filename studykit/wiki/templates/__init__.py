"""Jinja templates of the generated pages: Markdown headings with raw HTML between them."""
