"""The suite that any resource type must pass."""

from dws_core.testing.adding import Adding
from dws_core.testing.comparing import Comparing
from dws_core.testing.declaring import Declaring
from dws_core.testing.exchanging import Exchanging
from dws_core.testing.reading import Reading
from dws_core.testing.restoring import Restoring
from dws_core.testing.results import Results
from dws_core.testing.stating import Stating
from dws_core.testing.telling import Telling
from dws_core.testing.travelling import Travelling
from dws_core.testing.viewing import Viewing


class ResourceTypeSuite(
    Adding, Stating, Results, Comparing, Restoring, Reading, Declaring, Travelling, Telling, Exchanging, Viewing
):
    """Subclass it as `Test…` with a `descriptor` and `make`; exactly the tests that its capabilities call for are run.

    A test's number is that of the promise in `dws_core.plugin.ResourceType` that it tries to break.
    """
