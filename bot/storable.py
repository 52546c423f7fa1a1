"""What a platform sent, in a form that every database takes."""

from typing import Any


def storable(value: Any) -> Any:
    """The same JSON without NUL letters and half letters, which PostgreSQL refuses."""
    if isinstance(value, str):
        if "\x00" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
            value = value.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
        return value
    if isinstance(value, list):
        return [storable(one) for one in value]
    if isinstance(value, dict):
        return {storable(key): storable(one) for key, one in value.items()}
    return value
