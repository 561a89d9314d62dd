"""What came of one image."""

from dataclasses import dataclass

from rekam.abis.matchers import TEMPLATES
from rekam.abis.slots import Modality
from rekam.abis.template_set import Template


@dataclass(frozen=True, slots=True)
class Extraction:
    """A template's bytes, or None and why there is none; and the core's time from the file's bytes to features that
    can be compared, milliseconds.
    """

    template: bytes | None
    failure: str
    milliseconds: float

    def read(self, modality: Modality) -> Template | None:
        """The template as it would be read from storage."""
        return None if self.template is None else TEMPLATES[modality].from_bytes(self.template)
