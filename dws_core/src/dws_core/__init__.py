"""Data Workspaces."""
