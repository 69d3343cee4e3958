"""A small app for trials of long work: it numbers rows, so that anything lost or doubled shows."""
