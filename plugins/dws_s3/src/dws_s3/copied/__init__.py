"""A bucket, or a directory of one, of which every version is kept in the workspace's object store."""
