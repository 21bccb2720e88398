"""The numbers of the object format; changing one changes ids, and with them the format's version."""

PACKED_BELOW = 64 * 1024
"""Objects of fewer bytes than this lie in packs, others in files of their own."""

BLOCKS_ABOVE = 64 * 1024 * 1024
"""Files of more bytes than this are kept as blocks, and identified by their block list."""

BLOCK = 4 * 1024 * 1024
"""The bytes of every block but the last."""

PACK_FULL = 256 * 1024 * 1024
"""A pack that has grown to this many bytes is sealed, and the next one begun."""

MAX_DEPTH = 256
"""How many directories may lie in each other: each costs an open descriptor while it is restored."""

MAX_ENTRIES = 20_000_000
"""How many entries a tree from a stranger may have; trees that hold each other many times over grow without end."""

DIRECTORY_MODE = 0o700
FILE_MODE = 0o600
