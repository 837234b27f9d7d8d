"""Staff screens for the records of the core."""
