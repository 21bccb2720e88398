"""What `dws add ssh` would record: the address checked, the directory seen, and what it means said."""

from dataclasses import replace
from pathlib import Path, PurePosixPath

from dws_core.errors import InvalidSettingError
from dws_core.model.role import Role
from dws_core.plugin import ListedResourceType, Proposal
from dws_ssh.address import Address, check_name
from dws_ssh.errors import ResultsWrittenError
from dws_ssh.place import Place
from dws_ssh.settings import SshSettings
from dws_ssh.sums import can_sum
from dws_ssh.survey import check_top


def propose(settings: SshSettings, role: Role, root: Path) -> Proposal[SshSettings]:
    """Complete what the user gave, once the directory is found to be there."""
    here = root / settings.local_path if settings.local_path else None
    if here is not None and settings.in_place:
        raise InvalidSettingError("in_place", True, "no beside --local-path, which keeps a copy")
    if here is not None and not settings.address:
        return Proposal(settings, here.name, here, "ssh-copy", ("It is a copy of nothing: there is no address.",))
    address = Address.typed(settings.address)
    if role is Role.RESULTS and settings.read_only:
        raise ResultsWrittenError(address.text)
    identity = str(Path(settings.identity).expanduser().absolute()) if settings.identity else None
    settings = replace(settings, address=address.text, identity=identity)
    place = Place(address_of(settings), identity)
    check_top(place)
    name, remarks = PurePosixPath(address.path).name or address.host, tuple(_remarks(settings, place))
    if settings.in_place:
        return Proposal(settings, name, type="ssh-listed", remarks=(ListedResourceType.REMARK, *remarks))
    if here is None:
        return Proposal(settings, name, remarks=remarks)
    return Proposal(settings, here.name, here, "ssh-copy", remarks)


def address_of(settings: SshSettings) -> Address:
    """Give the address as this clone reaches it; AddressRefusedError."""
    address = Address.typed(settings.address)
    user = check_name(settings.user) if settings.user else address.user
    return replace(address, user=user, host=check_name(settings.host) if settings.host else address.host)


def _remarks(settings: SshSettings, place: Place) -> list[str]:
    said = []
    if settings.read_only and not settings.in_place:
        said.append("Nothing is ever written there: a restore has the recorded version seen, and `dws live` ends that.")
    if settings.trust_mtime:
        said.append(
            "A file of the same size and time counts as unchanged (--trust-mtime): "
            "an edit within the same second, or one that sets the time back, is missed."
        )
    elif not place.using(can_sum):
        said.append(
            "The server does not work out hashes, so every look reads all files again; "
            "--trust-mtime avoids that, and may then miss an edit."
        )
    return said
