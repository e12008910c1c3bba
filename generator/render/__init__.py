"""Render: the archive becomes pages of Markdown. Nothing is decided about meaning here, only about showing."""
