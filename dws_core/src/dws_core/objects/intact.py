"""Reads stored files through before they are needed: each is there, and every byte as it was stored."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from dws_core.objects.blocks import block_length
from dws_core.objects.contents import Contents
from dws_core.objects.delivery import Delivery
from dws_core.objects.files import blocks_of, read_file
from dws_core.objects.layout import BLOCKS_ABOVE, PACKED_BELOW
from dws_core.objects.tree import Node
from dws_core.plugin.context import Progress

_BATCH = 256


def check_intact(contents: Contents, files: Sequence[tuple[str, Node]], progress: Progress) -> None:
    """Raise a MissingObjectError or DamagedObjectError that names a file that could not be given back."""
    progress.expect(files=len(files), size=sum(node.size for _, node in files))
    with ThreadPoolExecutor(max_workers=min(8, os.cpu_count() or 1), thread_name_prefix="objects") as pool:
        delivery = Delivery(contents, pool, progress)
        for start in range(0, len(files), _BATCH):
            _check(contents, delivery, pool, files[start : start + _BATCH], progress)


def _check(
    contents: Contents, delivery: Delivery, pool: ThreadPoolExecutor, files: Sequence[tuple[str, Node]], progress: Progress
) -> None:
    waiting = [pool.submit(delivery.check_whole, node, path) for path, node in files if PACKED_BELOW <= node.size <= BLOCKS_ABOVE]
    for path, node in files:
        if node.size < PACKED_BELOW:
            read_file(contents, node.id, node.size, path)
        elif node.size > BLOCKS_ABOVE:
            blocks = blocks_of(contents, node.id, node.size, path)
            lengths = {block: block_length(node.size, number) for number, block in enumerate(blocks)}
            delivery.check(lengths.items(), path)
    for each in waiting:
        each.result()
    progress.advance(files=len(files), size=sum(node.size for _, node in files))
