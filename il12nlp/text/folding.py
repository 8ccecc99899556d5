"""Folding of the typographic variants that abstracts write one and the same name in.

"TNF‑α", "TNF-α", "TNF−alpha" and "ＴＮＦ-α" are one name. Folded forms are for looking up, never
for output: annotations always point into the text as it was given.

    fold_characters   one character for one, so that offsets stay: for the model's tokenizer
    fold              Greek letters and ligatures spelled out, with the way back: for matching
    fold_name         a key under which the spellings of a name meet: for sets and dictionaries
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

_LOOKALIKES = {
    # Signs that Unicode does not count as dashes, but authors and typesetters do.
    **dict.fromkeys("−⁃﹣", "-"),
    **dict.fromkeys("‘’‚‛′ʹʼ´", "'"),
    **dict.fromkeys("“”„‟″ʺ", '"'),
    # Latin and mathematical letters typed for Greek ones.
    **dict(zip("ßɑɣɤɛ∆", "βαγγεΔ", strict=True)),
    "\u2028": " ",
    "\u2029": " ",
    "⁄": "/",
    "∼": "~",
}

_GREEK_NAMES = {
    "α": "alpha",
    "β": "beta",
    "γ": "gamma",
    "δ": "delta",
    "ε": "epsilon",
    "ζ": "zeta",
    "η": "eta",
    "θ": "theta",
    "ι": "iota",
    "κ": "kappa",
    "λ": "lambda",
    "μ": "mu",
    "ν": "nu",
    "ξ": "xi",
    "ο": "omicron",
    "π": "pi",
    "ρ": "rho",
    "σ": "sigma",
    "τ": "tau",
    "υ": "upsilon",
    "φ": "phi",
    "χ": "chi",
    "ψ": "psi",
    "ω": "omega",
}
_GREEK = {
    "ς": "sigma",
    **_GREEK_NAMES,
    **{letter.upper(): name.capitalize() for letter, name in _GREEK_NAMES.items()},
}

# Only these: scores depend on which names count as equal, and must stay comparable.
_NAME_GREEK = str.maketrans({"ß": "beta", **{letter: _GREEK_NAMES[letter] for letter in "αβγδκλ"}})
_NOT_NAME = re.compile(r"[^a-z0-9+]+")


def _fold_one_to_one(char: str) -> str:
    """The one character that stands for this one, often itself."""
    if char in _LOOKALIKES:
        return _LOOKALIKES[char]
    category = unicodedata.category(char)
    if category in ("Pd", "Zs"):
        return "-" if category == "Pd" else " "
    plain = unicodedata.normalize("NFKC", char)
    # A raised digit is a power ("10⁶") or a footnote: as a plain digit it would change a number.
    if len(plain) != 1 or (plain.isdigit() and "<super>" in unicodedata.decomposition(char)):
        return char
    return _LOOKALIKES.get(plain, plain)


def _fold_freely(char: str) -> str:
    """What stands for this character: several ones for a ligature, none for an invisible one."""
    if unicodedata.category(char) == "Cf":
        return ""
    plain = _fold_one_to_one(char)
    if plain in _GREEK:
        return _GREEK[plain]
    spelled = unicodedata.normalize("NFKC", plain)
    # Spacing accents decompose into a space and a combining mark: a word would fall apart.
    if " " in spelled and plain != " ":
        return plain
    return spelled.replace("⁄", "/")


class _OneToOne(dict[int, str]):
    """Table for `str.translate` that fills itself with the characters it meets."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold_one_to_one(chr(code))
        return folded


_ONE_TO_ONE = _OneToOne()


def fold_characters(text: str) -> str:
    """The text with dashes, spaces, quotes, full-width and look-alike letters made plain.

    One code point for one: the result is as long as the text, and every offset keeps its meaning.
    """
    return text if text.isascii() else text.translate(_ONE_TO_ONE)


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text that knows where each of its characters came from."""

    text: str
    _sources: Sequence[int] = field(repr=False)

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """Span of the original text that a half-open span of the folded text came from.

        A span that cuts through the spelling of a letter ("alp|ha") covers the whole letter.
        Raises ValueError for a span outside the folded text.
        """
        if not 0 <= start <= end <= len(self.text):
            raise ValueError(f"{start}:{end} lies outside the {len(self.text)} folded characters")
        first = self._sources[start]
        return (first, first) if start == end else (first, self._sources[end - 1] + 1)


def fold(text: str) -> Folded:
    """Fold Greek letters to their names, dashes, widths, ligatures; case and words stay.

    Invisible format characters (zero-width space, soft hyphen) go away.
    """
    if text.isascii():
        return Folded(text, range(len(text) + 1))
    pieces: list[str] = []
    sources: list[int] = []
    for index, char in enumerate(text):
        piece = char if char.isascii() else _fold_freely(char)
        pieces.append(piece)
        sources.extend([index] * len(piece))
    return Folded("".join(pieces), [*sources, len(text)])


def fold_name(name: str) -> str:
    """Key under which case, Greek, hyphen, space and plural variants of a name meet.

    >>> fold_name("TNF-α") == fold_name("tnf alpha")
    True
    """
    plain = name.lower()
    if not plain.isascii():
        plain = plain.translate(_NAME_GREEK)
    words = _NOT_NAME.sub(" ", plain).split()
    return "".join([_singular(word) for word in words])


def _singular(word: str) -> str:
    plural = len(word) > 3 and word[-1] == "s" != word[-2]
    return word[:-1] if plural else word
