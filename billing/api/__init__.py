"""The endpoints of billing runs and bills."""
