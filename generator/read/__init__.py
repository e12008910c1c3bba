"""Read: the only stage that touches the seeds. Files come in; articles, entries and issues go out."""
