"""What of a tree is not in this clone."""

from collections.abc import Iterator

from dws_core.errors import DamagedObjectError, MissingObjectError
from dws_core.objects.branch import StoredBranch, join
from dws_core.objects.contents import Contents
from dws_core.objects.files import is_here
from dws_core.objects.tree import DIRECTORY


def absent(contents: Contents, tree: bytes) -> Iterator[str]:
    """Yield the paths of files whose content, and of directories whose tree, is not here; "." is the whole."""
    waiting = [(StoredBranch(contents, tree), "")]
    while waiting:
        branch, path = waiting.pop()
        try:
            nodes = branch.nodes()
        except (MissingObjectError, DamagedObjectError):
            yield path or "."
            continue
        for index, node in enumerate(nodes):
            place = join(path, node.name)
            if node.kind == DIRECTORY:
                waiting.append((branch.child(index, node), place))
            elif not is_here(contents, node.id, node.size):
                yield place
