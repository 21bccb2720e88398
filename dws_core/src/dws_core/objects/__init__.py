"""Content by hash: the object store of a clone."""

from dws_core.objects.checking import Condition, Harm
from dws_core.objects.collecting import Waste
from dws_core.objects.lacking import Lacking
from dws_core.objects.marking import ids_in
from dws_core.objects.store import ObjectStore

__all__ = ["Condition", "Harm", "Lacking", "ObjectStore", "Waste", "ids_in"]
