"""The suites that any implementation of a contract class must pass; subclass one in your plugin's tests."""

import pytest

# pytest explains an assertion of a module that it was told of before the module is imported.
_ASSERTING = (
    "adding backend clones comparing declaring exchanging faults merging reading report_format restoring results sharing stating "
    "store subject travelling viewing"
)
pytest.register_assert_rewrite(*(f"dws_core.testing.{module}" for module in _ASSERTING.split()))

from dws_core.testing.backend import BackendSuite  # noqa: E402  # see above
from dws_core.testing.content import Content, EmptyDirectory, File, Item, Link, read_directory, write_directory  # noqa: E402  # see above
from dws_core.testing.context import make_context  # noqa: E402  # see above
from dws_core.testing.report_format import ReportFormatSuite  # noqa: E402  # see above
from dws_core.testing.resource_type import ResourceTypeSuite  # noqa: E402  # see above
from dws_core.testing.store import StoreSuite  # noqa: E402  # see above

__all__ = [
    "BackendSuite",
    "Content",
    "EmptyDirectory",
    "File",
    "Item",
    "Link",
    "ReportFormatSuite",
    "ResourceTypeSuite",
    "StoreSuite",
    "make_context",
    "read_directory",
    "write_directory",
]
