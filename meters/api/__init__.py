"""The endpoints of routes, locations, meters and readings."""
