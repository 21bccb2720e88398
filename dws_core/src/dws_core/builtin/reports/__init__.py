"""The reports that come with the core."""
