"""Check: what is doubtful about an archive as a whole. Yields issues; changes nothing."""
