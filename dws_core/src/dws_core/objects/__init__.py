"""Content by hash: the object store of a clone."""

from dws_core.objects.checking import Condition, Harm
from dws_core.objects.collecting import Waste
from dws_core.objects.fetching import Fetched, fetch
from dws_core.objects.lacks import Lacking
from dws_core.objects.marking import ids_in
from dws_core.objects.sending import Sent, send
from dws_core.objects.store import ObjectStore
from dws_core.objects.wholeness import known, lacking

__all__ = [
    "Condition",
    "Fetched",
    "Harm",
    "Lacking",
    "ObjectStore",
    "Sent",
    "Waste",
    "fetch",
    "ids_in",
    "known",
    "lacking",
    "send",
]
