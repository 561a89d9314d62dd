"""The one error family: an error's docstring is the sentence its operator reads.

A docstring says what happened, what is safe and what to do. ``{name}`` in it is filled from the
keyword facts given when it is raised. Pages translate the unformatted template (`template`), so
that one catalogue entry covers every set of facts.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, ClassVar, Final, Protocol, runtime_checkable

from rekam.enrolment.day_in_words import day_in_words

__all__ = ["RekamError", "Spoken"]

_ARTICLE: Final = re.compile(r"\b([Aa]) (['\"]?\{(\w+)\})")


class _Facts(dict[str, Any]):
    """Facts of one error; a fact that was not given stays visible as ``{name}`` and hides nothing."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


@runtime_checkable
class Spoken(Protocol):
    """A fact that has words of its own in each language, such as a list of what is still to do."""

    def words(self, lang: str) -> str:
        """In Indonesian (``id``) or English (``en``)."""
        ...


class RekamError(Exception):
    """Rekam met a problem that it has no sentence for. Nothing was changed; report the code on this screen."""

    template: ClassVar[str]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.template = _folded(cls)

    def __init__(self, **facts: Any) -> None:
        super().__init__()
        self.facts: Mapping[str, Any] = facts

    @property
    def code(self) -> str:
        """The class name: stable, greppable, and free of personal data, so fit for logs."""
        return type(self).__name__

    def text(
        self,
        template: str | None = None,
        lang: str = "en",
        translated: Callable[[str], str | None] = lambda _fact: None,
    ) -> str:
        """The sentence in the language of `template` (a translation of `self.template`), facts filled in; a fact
        that can be said in words, a date among them, is said in `lang`, and a text that is known to `translated` in
        its translation.
        """
        facts = {name: _told(fact, lang, translated) for name, fact in self.facts.items()}
        said = template or self.template
        return (_with_articles(said, facts) if lang == "en" else said).format_map(_Facts(facts))

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return f"{self.code}({', '.join(f'{name}={value!r}' for name, value in self.facts.items())})"

    def __reduce__(self) -> tuple[Any, ...]:
        # BaseException pickles positional arguments only; worker processes hand these errors back.
        return _rebuild, (type(self), dict(self.facts))


def _told(fact: Any, lang: str, translated: Callable[[str], str | None]) -> Any:
    if isinstance(fact, Spoken):
        return fact.words(lang)
    if isinstance(fact, date):
        return day_in_words(fact, lang)
    return (translated(fact) or fact) if isinstance(fact, str) else fact


def _with_articles(template: str, facts: Mapping[str, Any]) -> str:
    """With the article that each fact asks for: a centre, an office; English goes by the sound of the next word, which
    is only known now. A word in u may be either ("a unit", "an unlocked box") and keeps its "a".
    """

    def article(found: re.Match[str]) -> str:
        vowel = str(facts.get(found[3], "")).lower().startswith(("a", "e", "i", "o"))
        return f"{found[1]}{'n' if vowel else ''} {found[2]}"

    return _ARTICLE.sub(article, template)


def _rebuild(kind: type[RekamError], facts: dict[str, Any]) -> RekamError:
    return kind(**facts)


def _folded(kind: type[RekamError]) -> str:
    docstring = kind.__dict__.get("__doc__")
    if not docstring:
        raise TypeError(f"{kind.__name__} needs a docstring: it is the sentence the operator reads")
    return " ".join(docstring.split())


RekamError.template = _folded(RekamError)
