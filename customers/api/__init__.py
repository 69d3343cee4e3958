"""The endpoints of customers and of what is on their accounts."""
