"""Directories of a server that is reached over ssh, as resources and as stores."""
