"""Plain directories as resources."""
