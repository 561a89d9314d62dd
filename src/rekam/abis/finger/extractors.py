"""The port every finger extractor stands behind, and those there are."""

from dataclasses import dataclass
from typing import ClassVar, Protocol

from rekam.abis.errors import LeaderNotReady
from rekam.abis.finger.template import EXTRACTOR_VERSION, EXTRACTORS, FingerTemplate
from rekam.abis.image import GreyImage


class FingerExtractor(Protocol):
    """From an image to a template. Templates of another name or version are never compared with its own."""

    @property
    def name(self) -> str:
        """One of template.EXTRACTORS."""
        ...

    @property
    def version(self) -> int:
        """Rises with every change that may change a template."""
        ...

    def extract(self, image: GreyImage) -> FingerTemplate:
        """The template of one print. Raises `WrongKindOfImage`, `ExtractionFailed`."""
        ...


@dataclass(frozen=True)
class ClassicalExtractor:
    """Rekam's own steps: fast, explained, at work on every station."""

    name: ClassVar[str] = EXTRACTORS[1]
    version: ClassVar[int] = EXTRACTOR_VERSION

    def extract(self, image: GreyImage) -> FingerTemplate:
        """See `finger.extract.extract`."""
        from rekam.abis.finger.extract import extract  # when first asked for (ADR 0046)

        return extract(image)


def classical() -> FingerExtractor:
    """The extractor that is always there."""
    return ClassicalExtractor()


def leader() -> FingerExtractor:
    """The trained extractor, its network loaded. Raises `LeaderNotReady` where set-up has not brought it, or where
    ONNX Runtime does not load on this machine.
    """
    try:
        from rekam.abis.finger.leader.extract import LeaderExtractor
        from rekam.abis.finger.leader.session import sessions
    except ImportError as failure:
        raise LeaderNotReady(reason=f"ONNX Runtime cannot be loaded: {failure}") from failure
    sessions()
    return LeaderExtractor()


def best() -> FingerExtractor:
    """LEADER where it is ready, the classical one where not."""
    try:
        return leader()
    except LeaderNotReady:
        return classical()
