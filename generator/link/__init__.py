"""Link: the barrier. Sees the whole archive; chooses entities, gives anchors, gathers backlinks."""
