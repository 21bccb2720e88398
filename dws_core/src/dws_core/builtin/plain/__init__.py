"""The backend of a workspace without git."""
