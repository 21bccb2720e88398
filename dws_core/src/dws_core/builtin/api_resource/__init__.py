"""A resource without files: data behind an API, whose version somebody tells."""
