"""Public views of the front of the house."""
