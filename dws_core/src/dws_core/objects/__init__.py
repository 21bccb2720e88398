"""Content by hash: the object store of a clone."""

from dws_core.objects.collecting import Waste
from dws_core.objects.marking import ids_in
from dws_core.objects.store import ObjectStore

__all__ = ["ObjectStore", "Waste", "ids_in"]
