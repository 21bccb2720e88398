"""How text from anybody becomes safe to print."""

import re
import unicodedata

# Joiners that Persian, Indic scripts and emoji need; they reorder and hide nothing.
_HARMLESS = "\u200c\u200d"
_UNSAFE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_UNDECODABLE_BYTE = re.compile("[\udc80-\udcff]")


def printable(text: str) -> str:
    """Escape what could steer a terminal or turn the reading order: `\\x1b`, `\\u202e`, an undecodable byte as `\\xff`.

    A line break is escaped as well, so that what was one line stays one.
    """
    if text.isprintable():
        return text
    return "".join(_escape(character) if _is_unsafe(character) else character for character in text)


def printable_lines(text: str) -> str:
    """Do the same to a text of several lines, which stay lines."""
    return "\n".join(printable(line) for line in text.split("\n"))


def _is_unsafe(character: str) -> bool:
    return unicodedata.category(character) in _UNSAFE_CATEGORIES and character not in _HARMLESS


def _escape(character: str) -> str:
    if character in _NAMED:
        return _NAMED[character]
    code = ord(character)
    if _UNDECODABLE_BYTE.fullmatch(character):
        return f"\\x{code - 0xDC00:02x}"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
