"""Resource types that break one promise each, for the suite to find; run by `test_resource_type.py`, never collected itself."""

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

from dws_core.errors import NotRestorableError, PathMissingError
from dws_core.model.changes import Changes, RestorePlan
from dws_core.model.role import Role
from dws_core.model.version import Version
from dws_core.plugin import Capability, Proposal, ResourceType, ResourceTypeDescriptor, ResultsMove, Settings, setting
from dws_core.testing import ResourceTypeSuite
