"""A signed word that came as text, pasted into a field or as a file from a stick: `BroughtText`."""

from typing import Annotated, Final

from fastapi import Depends, File, Form, UploadFile

__all__ = ["BroughtText"]

_LARGEST: Final = 16 * 1024


def _brought(
    text: Annotated[str, Form(max_length=_LARGEST)] = "",
    file: Annotated[UploadFile | None, File()] = None,
) -> str:
    return file.file.read(_LARGEST).decode("ascii", "replace") if file and file.filename else text


BroughtText = Annotated[str, Depends(_brought)]
"""The form's fields `text` and `file`: the file, where there is one; at most 16 KiB, letters beyond ASCII replaced."""
