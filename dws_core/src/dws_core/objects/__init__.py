"""Content by hash: the object store of a clone."""

from dws_core.objects.store import ObjectStore

__all__ = ["ObjectStore"]
