"""One file as a resource."""
