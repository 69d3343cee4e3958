"""Which utility a request is for, and who acts."""
