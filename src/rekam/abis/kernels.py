"""The engine's inner loops compiled at set-up, so that nobody waits for a compiler at the counter: `compile_kernels`.

Numba keeps what it compiled beside the source, one file for each kind of argument. So each of these goes the whole way
that a sitting goes, with a person who does not exist, and the arguments are those of every day.
"""

import time
from collections.abc import Callable, Mapping
from typing import Final

from rekam.abis.engine import Engine
from rekam.abis.finger.compare import compare
from rekam.abis.finger.cylinders import prepare
from rekam.abis.gallery_memory import MemoryGallery
from rekam.abis.image import load_image
from rekam.abis.search import search
from rekam.abis.shortlist import Shortlist, row_of
from rekam.abis.synthetic.person import Person
from rekam.abis.synthetic.png import encode_png
from rekam.abis.synthetic.templates import TemplatePerson
from rekam.abis.template_set import TemplateSet

__all__ = ["KERNELS", "compile_kernels"]


def _extraction() -> None:
    """Both pictures are drawn, too: a demo's devices do it."""
    engine, person = Engine(), Person(1)
    engine.extract("iris-1", load_image(encode_png(person.iris(1))))
    engine.extract("finger-2", load_image(encode_png(person.finger(2))))


def _search() -> None:
    earlier, now = (TemplatePerson(1).recording(("finger-2", "iris-1"), moment) for moment in (0, 1))
    gallery, shortlist = MemoryGallery(), Shortlist()
    gallery.append(bytes(16), earlier)
    search(now, gallery)
    shortlist.add(row_of(earlier))
    shortlist.likeliest(now)
    Engine().compare(TemplateSet(earlier), now)
    compare(*(prepare(TemplatePerson(1).finger("finger-2", moment)) for moment in (0, 1)))


KERNELS: Final[Mapping[str, Callable[[], None]]] = {"search": _search, "extraction": _extraction}
"""What can be compiled side by side, the longest first."""


def compile_kernels(name: str) -> float:
    """Compiles one of `KERNELS` unless that was done before; how many seconds it took."""
    start = time.perf_counter()
    KERNELS[name]()
    return time.perf_counter() - start
