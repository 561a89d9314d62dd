import importlib
import pkgutil

import pytest

import rekam.packet
import rekam.trust
from rekam.enrolment.errors import RekamError


def family(kind=RekamError):
    for child in kind.__subclasses__():
        yield child
        yield from family(child)


for package in (rekam.trust, rekam.packet):
    for module in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
        importlib.import_module(module.name)
OURS = [kind for kind in family() if kind.__module__.startswith(("rekam.trust.", "rekam.packet."))]


@pytest.mark.parametrize("kind", OURS, ids=lambda kind: kind.__name__)
def test_an_error_says_what_happened_what_is_safe_and_what_to_do(kind):
    sentences = [part for part in kind.template.replace("; ", ". ").split(". ") if part]
    assert len(sentences) >= 3
    safe = ("Nothing", "kept", "safe", "left as it is", "was not used", "Keep the packet")
    assert any(word in kind.template for word in safe), kind.template
