"""Annotate: one article at a time, knowing nothing of the others. Articles come in; unsettled finds go out."""
