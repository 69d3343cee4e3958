"""Made-up towns on real tariffs: for the demo, for training, for tests and for measuring."""
