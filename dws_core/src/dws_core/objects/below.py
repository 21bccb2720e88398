"""What lies below one object: the objects that a tree or a block list names."""

from dataclasses import dataclass, field

from dws_core.objects.blocks import LIST_HEADER, block_length, decode_list, listed_size
from dws_core.objects.layout import BLOCKS_ABOVE
from dws_core.objects.tree import DIRECTORY, TREE_HEADER, decode_columns


@dataclass(frozen=True)
class Below:
    """Trees; block lists, by the sizes of their files; and leaves, by their own sizes. Each is there once."""

    trees: dict[bytes, None] = field(default_factory=dict)
    lists: dict[bytes, int] = field(default_factory=dict)
    leaves: dict[bytes, int] = field(default_factory=dict)
    entries: int = 0


def below_root(content: bytes, what: str) -> Below:
    """Read what a version names, which may be anything."""
    if content.startswith(TREE_HEADER):
        return below_tree(content, what)
    return below_list(content, listed_size(content), what) if content.startswith(LIST_HEADER) else Below()


def below_tree(content: bytes, what: str) -> Below:
    """Read a tree; UnsafeTreeError."""
    names, kinds, sizes, ids = decode_columns(content, what)
    if DIRECTORY not in kinds and max(sizes, default=0) <= BLOCKS_ABOVE:
        return Below(leaves=dict(zip(ids, sizes, strict=True)), entries=len(names))
    below = Below(entries=len(names))
    for kind, size, identity in zip(kinds, sizes, ids, strict=True):
        if kind == DIRECTORY:
            below.trees[identity] = None
        else:
            (below.lists if size > BLOCKS_ABOVE else below.leaves)[identity] = size
    return below


def below_list(content: bytes, size: int, what: str) -> Below:
    """Read the block list of a file of that size; DamagedObjectError."""
    blocks = decode_list(content, size, what)
    return Below(leaves={block: block_length(size, number) for number, block in enumerate(blocks)}, entries=len(blocks))
