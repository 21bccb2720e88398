"""Notebooks in a Data Workspace."""
