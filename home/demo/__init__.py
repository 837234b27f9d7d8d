"""Demo content: a real region, marked as demo."""
