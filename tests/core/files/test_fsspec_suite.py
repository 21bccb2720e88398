"""The tests that fsspec has for any filesystem, for that of a resource and for that of all of them."""

import posixpath
from typing import Any

import pytest
from fsspec.tests import abstract

from dws_core import Workspace
from dws_core.files import DwsFileSystem


class _Resource(abstract.AbstractFixtures):  # type: ignore[misc]  # fsspec has no types
    """Paths begin in the resource."""

    @pytest.fixture
    def fs(self, workspace: Workspace) -> DwsFileSystem:
        return DwsFileSystem("intermediate-data")

    @pytest.fixture
    def fs_path(self) -> str:
        return "inside"

    @pytest.fixture
    def fs_join(self) -> Any:
        return posixpath.join

    @pytest.fixture
    def supports_empty_directories(self) -> bool:
        return False


class _Everything(_Resource):
    """Paths begin with the resource's name."""

    @pytest.fixture
    def fs(self, workspace: Workspace) -> DwsFileSystem:
        return DwsFileSystem()

    @pytest.fixture
    def fs_path(self) -> str:
        return "intermediate-data"


class TestOpenInResource(abstract.AbstractOpenTests, _Resource): ...  # type: ignore[misc]  # fsspec has no types


class TestCopyInResource(abstract.AbstractCopyTests, _Resource): ...  # type: ignore[misc]  # fsspec has no types


class TestGetFromResource(abstract.AbstractGetTests, _Resource): ...  # type: ignore[misc]  # fsspec has no types


class TestPutIntoResource(abstract.AbstractPutTests, _Resource): ...  # type: ignore[misc]  # fsspec has no types


class TestPipesOfResource(abstract.AbstractPipeTests, _Resource): ...  # type: ignore[misc]  # fsspec has no types


class TestOpen(abstract.AbstractOpenTests, _Everything): ...  # type: ignore[misc]  # fsspec has no types


class TestCopy(abstract.AbstractCopyTests, _Everything): ...  # type: ignore[misc]  # fsspec has no types


class TestGet(abstract.AbstractGetTests, _Everything): ...  # type: ignore[misc]  # fsspec has no types


class TestPut(abstract.AbstractPutTests, _Everything): ...  # type: ignore[misc]  # fsspec has no types


class TestPipes(abstract.AbstractPipeTests, _Everything): ...  # type: ignore[misc]  # fsspec has no types
