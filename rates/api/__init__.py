"""The endpoints of rate tables."""
