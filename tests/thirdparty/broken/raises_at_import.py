"""A plugin that cannot be imported."""

raise ValueError("no moon tonight\nand a second line")
