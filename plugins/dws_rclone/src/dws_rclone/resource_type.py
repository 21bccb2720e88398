"""The type rclone: a directory of this machine, kept as any other, and its other side at a remote."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from dws_core.errors import DwsError, MissingObjectError, PlaceUnknownError
from dws_core.model.codec import JsonObject
from dws_core.model.exchange import Exchange
from dws_core.model.role import Role
from dws_core.model.version import Version, is_object_id
from dws_core.plugin import DirectoryResourceType, Proposal, Standing
from dws_rclone.configured import with_whole_config
from dws_rclone.errors import LocalPathNeededError, NothingThereError
from dws_rclone.link import Link
from dws_rclone.listing import Listing
from dws_rclone.obtaining import obtain
from dws_rclone.proposing import propose_listed
from dws_rclone.rclone import check_rclone
from dws_rclone.remote import Remote
from dws_rclone.sending import send
from dws_rclone.settings import RcloneSettings
from dws_rclone.standing import since
from dws_rclone.taking import take

_NO_REMOTE = Exchange("it has no remote", False)
_REMOTE = "remote"


class RcloneResource(DirectoryResourceType[RcloneSettings]):
    """What lies here is stored and restored as any directory is; the remote is asked when people push, pull, or want to know."""

    @classmethod
    def propose(cls, settings: RcloneSettings, role: Role, root: Path) -> Proposal[RcloneSettings]:
        if settings.no_local:
            return propose_listed(settings, root)
        if settings.local_path is None:
            raise LocalPathNeededError(settings.remote)
        check_rclone()
        directory = root / settings.local_path
        settings = with_whole_config(settings)
        if not settings.remote:
            return Proposal(
                settings, directory.name, directory, remarks=("It has no remote: nothing goes to one, or comes from one.",)
            )
        remote = Remote.parse(settings.remote)
        name = remote.path.rstrip("/").rpartition("/")[2] or remote.name
        return Proposal(settings, name, directory, remarks=_remarks(settings))

    def create(self) -> None:
        """R2; whoever adds it (it has no id yet) gets the first copy of the remote where there is no directory."""
        if self.settings.remote and not self.resource.id:
            self._begin()
        self.local_path.mkdir(parents=True, exist_ok=True)

    def _begin(self) -> None:
        link = self._link()
        try:
            if self.local_path.is_dir():
                link.agree()
            else:
                obtain(link)
        except NothingThereError:
            self.context.progress.warn(f"{self._remote} holds nothing yet")

    @property
    def local_path(self) -> Path:
        if self.settings.local_path is None:
            raise PlaceUnknownError(self.resource.name, "local_path")
        return self.context.root / self.settings.local_path

    def needs(self, version: Version) -> frozenset[str]:
        listing = _listing_id(version)
        return frozenset({version.id, listing} if listing else {version.id})

    @property
    def origin(self) -> str | None:
        return str(Remote.parse(self.settings.remote)) if self.settings.remote else None

    def obtain(self) -> None:
        obtain(self._link())
        self.context.objects.store(self.local_path)  # so that only what differs comes from stores once more

    def push(self, versions: Sequence[Version], *, dry_run: bool = False) -> Exchange:
        if not self.settings.remote:
            return _NO_REMOTE
        if self.settings.read_only:
            return Exchange("read-only, so nothing is sent", False)
        if self.settings.master == "remote":
            take(self._link(), dry_run=True)  # which says so where both changed
        if self.settings.master != "local":
            return Exchange(f"nothing is sent to {self.settings.remote}, since the master is {self.settings.master}", False)
        return send(self._link(), dry_run=dry_run)

    def pull(self, *, dry_run: bool = False) -> Exchange:
        if not self.settings.remote:
            return _NO_REMOTE
        if self.settings.master == "local":
            send(self._link(), dry_run=True)
        if self.settings.master != "remote":
            return Exchange(f"nothing is taken from {self.settings.remote}, since the master is {self.settings.master}", False)
        return take(self._link(), dry_run=dry_run)

    def annotate(self, version: Version) -> Version:
        """R24: what the remote holds at that moment, as far as it can be asked."""
        if not self.settings.remote:
            return version
        try:
            link = self._link()
            there = link.there()
            link.agree(there)
        except DwsError as error:
            self.context.progress.warn(f"{self.resource.name}: it is not recorded what the remote holds: {error.message}")
            return version
        data: JsonObject = {"at": str(self._remote), "listing": self.context.objects.put(there.dump())}
        return Version(version.id, {**version.data, _REMOTE: data})

    def standing(self, version: Version | None) -> Standing | None:
        """R25: which files differ from the remote's, and which side changed since both agreed, as is known here or recorded."""
        if not self.settings.remote:
            return None
        return since(self._link(), version.id if version else None, self._listing(version))

    def _listing(self, version: Version | None) -> Listing | None:
        """What the remote held when a version was recorded; None where nobody knows."""
        identity = _listing_id(version) if version else None
        if identity is None:
            return None
        try:
            return Listing.parse(self.context.objects.get(identity))
        except MissingObjectError:
            return None

    @cached_property
    def _remote(self) -> Remote:
        return Remote.parse(self.settings.remote)

    def _link(self) -> Link:
        """Both sides, once it is certain that the remote may be contacted."""
        remote = self._remote
        self.context.contact(str(remote))
        return Link(self.resource.name, self.settings, remote, self.local_path, self.context, bool(self.resource.id))


def _listing_id(version: Version) -> str | None:
    """The object that tells what the remote held, if the version says so."""
    remote = version.data.get(_REMOTE)
    identity = remote.get("listing") if isinstance(remote, dict) else None
    return identity if isinstance(identity, str) and is_object_id(identity) else None


def _remarks(settings: RcloneSettings) -> tuple[str, ...]:
    ways = {
        "none": "Nothing goes to the remote or comes from it by itself; `dws config --resource NAME master remote` (or local) "
        "changes that.",
        "remote": "`dws pull` takes what is new at the remote; nothing is sent there.",
        "local": "`dws push` sends what is new here; nothing is taken from the remote.",
    }
    return (ways[settings.master],)
