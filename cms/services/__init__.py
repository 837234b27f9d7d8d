"""Changes to public content that touch more than one row."""
