"""Render: pages are planned and become HTML. Nothing is decided about meaning here, only about showing."""
