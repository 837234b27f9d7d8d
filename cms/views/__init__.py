"""Staff screens of the content app that differ from Wagtail's own."""
