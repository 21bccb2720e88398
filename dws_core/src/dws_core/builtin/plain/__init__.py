"""The backend of a workspace that keeps no history besides its records."""
