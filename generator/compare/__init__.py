"""Compare: takes an archive at two moments, says what became of its texts, files, links and pages."""
