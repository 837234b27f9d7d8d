"""Pages of the core: what a link in a message leads to."""
