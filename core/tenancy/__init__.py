"""Utilities kept apart: the scope, the database backend that carries it, and the guards on tables."""

from core.tenancy.current import NoScope, current_utility_id, scope, scoped_utility_id

__all__ = ["NoScope", "current_utility_id", "scope", "scoped_utility_id"]
