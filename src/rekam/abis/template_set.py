"""All templates of one person's one recording, by slot, and their bytes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Self

import cbor2

from rekam.abis.errors import TemplateOfWrongKind, TemplateUnreadable
from rekam.abis.finger.template import FingerTemplate
from rekam.abis.iris.template import IrisTemplate
from rekam.abis.slots import SLOTS, Modality, modality_of

VERSION = 1

Template = FingerTemplate | IrisTemplate

_KINDS: Mapping[Modality, type[FingerTemplate] | type[IrisTemplate]] = {
    Modality.FINGER: FingerTemplate,
    Modality.IRIS: IrisTemplate,
}


@dataclass(frozen=True, eq=False)
class TemplateSet(Mapping[str, Template]):
    """An immutable mapping from slot ("finger-7", "iris-1") to its template; slots not recorded are absent.

    Raises `UnknownSlot`, and `TemplateOfWrongKind` for an iris's template in a finger's slot or the reverse.
    """

    templates: Mapping[str, Template]

    def __post_init__(self) -> None:
        for slot, template in self.templates.items():
            require_kind(slot, template)
        ordered = {slot: self.templates[slot] for slot in SLOTS if slot in self.templates}
        object.__setattr__(self, "templates", MappingProxyType(ordered))

    def __getitem__(self, slot: str) -> Template:
        return self.templates[slot]

    def __iter__(self) -> Iterator[str]:
        return iter(self.templates)

    def __len__(self) -> int:
        return len(self.templates)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TemplateSet) and self.to_bytes() == other.to_bytes()

    def __hash__(self) -> int:
        return hash(self.to_bytes())

    def finger(self, slot: str) -> FingerTemplate | None:
        """The template of a finger's slot, None where it is absent. Raises `UnknownSlot`, `TemplateOfWrongKind`."""
        template = self.templates.get(slot)
        if template is not None and not isinstance(template, FingerTemplate):
            raise TemplateOfWrongKind(slot=slot, kind=modality_of(slot))
        return template

    def iris(self, slot: str) -> IrisTemplate | None:
        """The template of an iris's slot, None where it is absent. Raises `UnknownSlot`, `TemplateOfWrongKind`."""
        template = self.templates.get(slot)
        if template is not None and not isinstance(template, IrisTemplate):
            raise TemplateOfWrongKind(slot=slot, kind=modality_of(slot))
        return template

    def to_bytes(self) -> bytes:
        """CBOR `[version, {slot: template's own bytes}]`, slots in the engine's order: same templates, same bytes."""
        return cbor2.dumps([VERSION, {slot: template.to_bytes() for slot, template in self.templates.items()}])

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Reads what `to_bytes` wrote. Raises `TemplateUnreadable`, `UnknownSlot`."""
        try:
            content = cbor2.loads(data)
        except (cbor2.CBORDecodeError, ValueError, TypeError, RecursionError) as failure:
            raise TemplateUnreadable(reason="it is not a template set") from failure
        match content:
            case [int(version), dict(entries)]:
                if version != VERSION:
                    raise TemplateUnreadable(reason=f"it has version {version}, this engine reads {VERSION}")
            case _:
                raise TemplateUnreadable(reason="it is not a template set")
        return cls({slot: _read(slot, body) for slot, body in entries.items()})


def require_kind(slot: str, template: object) -> None:
    """Raises `TemplateOfWrongKind` unless the template is of the slot's modality, `UnknownSlot` for no slot at all."""
    if not isinstance(template, _KINDS[modality_of(slot)]):
        raise TemplateOfWrongKind(slot=slot, kind=type(template).__name__)


def _read(slot: object, body: object) -> Template:
    if not isinstance(slot, str) or not isinstance(body, bytes):
        raise TemplateUnreadable(reason="it is not a template set")
    return _KINDS[modality_of(slot)].from_bytes(body)
