"""How nouns become bytes, and how bytes from anybody become nouns safely."""

import hashlib
import json
import math
from typing import NoReturn, TypeAlias

from dws_core.errors import DamagedRecordError

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
JsonObject: TypeAlias = dict[str, Json]

MAX_BYTES = 64 * 1024 * 1024
MAX_DEPTH = 64


def dump(value: Json) -> bytes:
    """Write JSON the one way we write it: sorted keys, two spaces, a final newline."""
    text = json.dumps(value, sort_keys=True, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    # An undecodable byte of a file name is a lone surrogate here; its JSON escape is what Python's backslash escape gives.
    return text.encode("utf-8", "backslashreplace")


def to_text(value: Json) -> str:
    """Write JSON for a program to read: keys in their order, ASCII alone, so that it is valid in any encoding.

    JSON has no word for a number that is infinite or none at all: those become the texts `NaN`, `Infinity`, `-Infinity`.
    """
    try:
        return json.dumps(value, indent=2, allow_nan=False) + "\n"
    except ValueError:
        return json.dumps(_finite(value), indent=2, allow_nan=False) + "\n"


def record_id(data: bytes) -> str:
    """Name a record: the SHA-256 of its bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def parse(data: bytes, where: str) -> JsonObject:
    """Read a JSON object of bounded size and depth; `where` names it in the DamagedRecordError."""
    if len(data) > MAX_BYTES:
        raise DamagedRecordError(where, f"it has {len(data):,} bytes, more than the {MAX_BYTES:,} allowed")
    try:
        value = json.loads(data.decode("utf-8"), parse_constant=_refuse_constant, parse_float=_finite_number)
    except json.JSONDecodeError as error:
        raise DamagedRecordError(where, f"not valid JSON ({error.msg})", line=error.lineno) from error
    except UnicodeDecodeError as error:
        raise DamagedRecordError(where, "not valid UTF-8", line=data[: error.start].count(b"\n") + 1) from error
    except RecursionError as error:
        raise DamagedRecordError(where, "nested too deeply") from error
    except ValueError as error:
        raise DamagedRecordError(where, str(error)) from error
    if not isinstance(value, dict):
        raise DamagedRecordError(where, "not a JSON object")
    _check_depth(value, where)
    return value


def text_of(value: JsonObject, key: str) -> str:
    """Take a text from a parsed object; ValueError where it is missing or something else."""
    found = value.get(key)
    if not isinstance(found, str):
        raise ValueError(f"{key!r} must be a text")
    return found


def flag_of(value: JsonObject, key: str) -> bool:
    """Take a flag from a parsed object, false where it is missing; ValueError where it is something else."""
    found = value.get(key, False)
    if not isinstance(found, bool):
        raise ValueError(f"{key!r} must be true or false")
    return found


def object_of(value: JsonObject, key: str) -> JsonObject:
    """Take an object from a parsed object, empty where it is missing; ValueError where it is something else."""
    found = value.get(key, {})
    if not isinstance(found, dict):
        raise ValueError(f"{key!r} must be an object")
    return found


def objects_of(value: JsonObject, key: str) -> list[JsonObject]:
    """Take a list of objects from a parsed object, empty where it is missing; ValueError where it is something else."""
    found = value.get(key, [])
    if not isinstance(found, list):
        raise ValueError(f"{key!r} must be a list of objects")
    objects = [item for item in found if isinstance(item, dict)]
    if len(objects) != len(found):
        raise ValueError(f"{key!r} must be a list of objects")
    return objects


def texts_of(value: JsonObject, key: str) -> tuple[str, ...]:
    """Take a list of texts from a parsed object, empty where it is missing; ValueError where it is something else."""
    found = value.get(key, [])
    if not isinstance(found, list):
        raise ValueError(f"{key!r} must be a list of texts")
    texts = tuple(item for item in found if isinstance(item, str))
    if len(texts) != len(found):
        raise ValueError(f"{key!r} must be a list of texts")
    return texts


def _finite(value: Json) -> Json:
    if isinstance(value, float) and not math.isfinite(value):
        return json.dumps(value)
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    return [_finite(item) for item in value] if isinstance(value, list) else value


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not allowed")


def _finite_number(text: str) -> float:
    """Read a number that can be written again: JSON allows digits that no float has room for."""
    number = float(text)
    return number if math.isfinite(number) else _refuse_constant(text)


def _check_depth(value: Json, where: str) -> None:
    level: list[Json] = [value]
    for _ in range(MAX_DEPTH):
        level = [
            inner
            for item in level
            if isinstance(item, dict | list)
            for inner in (item.values() if isinstance(item, dict) else item)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return
    raise DamagedRecordError(where, f"nested more than {MAX_DEPTH} levels deep")
