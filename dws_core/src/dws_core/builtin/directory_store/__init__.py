"""A directory as a store: of this machine, or a share that is mounted."""
