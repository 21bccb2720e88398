"""What comes with the core keeps the contract's promises, as any plugin must."""

from pathlib import Path
from typing import Any

from dws_core.builtin.directory_store.store import DirectoryStore
from dws_core.builtin.formats.csv import CsvFormat
from dws_core.builtin.formats.json import JsonFormat
from dws_core.builtin.formats.markdown import MarkdownFormat
from dws_core.builtin.formats.text import TextFormat
from dws_core.builtin.local_files.hooks import dws_resource_types
from dws_core.builtin.local_files.resource_type import LocalFiles
from dws_core.builtin.local_files.settings import LocalFilesSettings
from dws_core.builtin.plain.backend import PlainBackend
from dws_core.builtin.plain.hooks import dws_backends
from dws_core.model.role import Role
from dws_core.plugin import Backend, ReportFormat, ResourceType, Store, StoreContext
from dws_core.testing import BackendSuite, ReportFormatSuite, ResourceTypeSuite, StoreSuite, make_context
from dws_core.testing.context import Silence


class TestLocalFiles(ResourceTypeSuite):
    descriptor = dws_resource_types()[0]

    def make(self, root: Path, role: Role) -> ResourceType[Any]:
        settings = LocalFilesSettings("data")
        return LocalFiles(self.resource(settings, role), settings, self.context(root))


class TestPlain(BackendSuite):
    descriptor = dws_backends()[0]

    def make(self, root: Path) -> Backend:
        return PlainBackend(make_context(root, "backend"))


class TestDirectoryStore(StoreSuite):
    def make(self, tmp_path: Path) -> Store:
        url = DirectoryStore.check_url("../a share caf\u00e9 #1", tmp_path / "somewhere")
        return DirectoryStore(url, StoreContext(tmp_path / "private", Silence()))


class TestText(ReportFormatSuite):
    def make(self) -> ReportFormat:
        return TextFormat()


class TestJson(ReportFormatSuite):
    def make(self) -> ReportFormat:
        return JsonFormat()


class TestCsv(ReportFormatSuite):
    refused_first = ("=1+1", "+1", "-1+1", "@SUM(1)")

    def make(self) -> ReportFormat:
        return CsvFormat()


class TestMarkdown(ReportFormatSuite):
    refused = ("<script>", "**bold**", "[text](https://example.org)", "| cell |", "`code`")

    def make(self) -> ReportFormat:
        return MarkdownFormat()
