"""A store: a place that keeps content under names, for everybody who shares a workspace."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from dws_core.plugin.context import Progress


@dataclass(frozen=True)
class Kept:
    """One thing that a store keeps: its name and its size in bytes."""

    name: str
    size: int


@dataclass(frozen=True)
class StoreContext:
    """What a store is handed: a private directory of this clone for it (it may not exist yet), and where to say how far it is."""

    private: Path
    progress: Progress


class Store(ABC):
    """A place that is named by a URL. The core decides what is kept there, under which names, and checks what it reads.

    Names are relative paths of lower-case letters, digits, `-`, `.` and `/`: `packs/0a1b….pack`. Several threads call the methods
    at once, and several machines use the place at once. Making a store contacts nothing.
    """

    def __init__(self, url: str, context: StoreContext) -> None:
        self.url = url
        self.context = context

    @classmethod
    def check_url(cls, url: str, directory: Path) -> str:
        """K1: give a URL of this scheme the form in which it is recorded; an error if it names no place. Nothing is contacted.

        It holds no password. A relative path is taken from `directory`.
        """
        return url

    @abstractmethod
    def prepare(self) -> None:
        """K2: make the place where it is not there, or raise an error that says why nothing can be kept there.

        May be called again, by several at once; what is kept there stays.
        """

    @abstractmethod
    def list(self, prefix: str) -> Iterator[Kept]:
        """K3: yield all that is kept whole under names that begin with `prefix`, in any order; nothing where no place is."""

    @abstractmethod
    def read(self, name: str, start: int = 0, length: int | None = None) -> bytes:
        """K4: give the bytes that are kept under a name, or `length` of them from `start` on (fewer where it ends before).

        FileNotFoundError where nothing is kept.
        """

    def fetch(self, name: str, file: BinaryIO) -> None:
        """K5: write all that is kept under a name to an open file; FileNotFoundError where nothing is kept."""
        part, place = 8 * 1024 * 1024, 0
        while content := self.read(name, place, part):
            file.write(content)
            place += len(content)
            if len(content) < part:
                return

    @abstractmethod
    def put(self, name: str, content: BinaryIO, size: int) -> None:
        """K6: keep `size` bytes under a name: whole or not at all, whenever it is ended, and lasting once it returns.

        What is kept under that name already stays, untouched: that is no error.
        """

    def checksum(self, name: str) -> str | None:
        """K7: give the SHA-256 (hexadecimal) of what is kept under a name, if the place itself works it out of the bytes there.

        None where it does not: the core then reads the bytes back. FileNotFoundError where nothing is kept.
        """
        return None
