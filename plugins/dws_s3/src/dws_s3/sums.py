"""SHA-256 as S3 says it: of one content in Base64, and of one that came in parts."""

import base64
import binascii
import hashlib
from collections.abc import Sequence


def told_by(digest: bytes) -> str:
    """Give a hash as S3 writes it."""
    return base64.b64encode(digest).decode("ascii")


def hexadecimal(told: str | None) -> str | None:
    """Read the hash of a whole content; None where S3 told none, or one that was made of the hashes of parts."""
    try:
        digest = base64.b64decode(told or "", validate=True)
    except binascii.Error:
        return None
    return digest.hex() if len(digest) == 32 else None


def composite(digests: Sequence[bytes]) -> str:
    """Give what S3 tells of a content whose parts have these hashes."""
    return f"{told_by(hashlib.sha256(b''.join(digests)).digest())}-{len(digests)}"
