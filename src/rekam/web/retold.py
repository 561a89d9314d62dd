"""A sentence of ours that was kept, or came from another place, in the reader's language: `retold`.

Errors travel and are kept as their English sentence. The catalogue of error sentences knows every template, also those
of places whose code is not here, so the facts are read back out of the sentence and said anew.
"""

import re
from functools import cache

from rekam.web.i18n import Language, language, read_catalogue

__all__ = ["retold"]

_CATALOGUE = "errors_id"
_FACT = re.compile(r"\{(\w+)\}")


def retold(sentence: str) -> str:
    """`sentence` in the language of the request, and so what it quotes; as it stands where it is none of ours."""
    if language() is Language.ENGLISH:
        return sentence
    known = read_catalogue(_CATALOGUE)
    for template, shape in _shapes():
        if found := shape.fullmatch(sentence):
            return known[template].format_map({name: retold(fact) for name, fact in found.groupdict().items()})
    return sentence


@cache
def _shapes() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Every template with the pattern of its sentences; those that say most of their own words first."""
    templates = sorted(read_catalogue(_CATALOGUE), key=lambda one: len(_FACT.sub("", one)), reverse=True)
    return tuple((template, _shape(template)) for template in templates)


def _shape(template: str) -> re.Pattern[str]:
    parts, seen = [], set[str]()
    for position, part in enumerate(_FACT.split(template)):
        if position % 2 == 0:
            parts.append(_literal(part))
        elif part in seen:
            parts.append(f"(?P={part})")
        else:
            seen.add(part)
            parts.append(f"(?P<{part}>.*?)")
    return re.compile("".join(parts), re.DOTALL)


def _literal(text: str) -> str:
    """A literal that ends in an article stands before a fact, whose sound the article follows."""
    return re.sub(r"\b([Aa])(\\ ['\"]?)$", r"\1n?\2", re.escape(text))
