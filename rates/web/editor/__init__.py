"""The editor of a draft: numbered clauses, and beside them what a bill comes to as one types."""
