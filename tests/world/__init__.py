"""The world the tests live in: two utilities with the same account numbers, on real PostgreSQL."""
