"""The key under which the spellings of one name meet in the lexicons."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from il12nlp.text.folding import fold, fold_name

_BRITISH = re.compile(r"tumour|aem|oedema|oesoph|isation|ising|ised\b")
_PLURAL = re.compile(r"(?<=[a-z]{3})ies\b")
_AMERICAN = {
    "tumour": "tumor",
    "aem": "em",
    "oedema": "edema",
    "oesoph": "esoph",
    "isation": "ization",
    "ising": "izing",
    "ised": "ized",
}


@lru_cache(maxsize=2**16)
def match_key(name: str) -> str:
    """Folded key of a name: case, Greek, dashes, hyphens, plurals, accents, British spelling.

    Stricter than `fold_name` where a lost letter would join two cytokines: every Greek letter
    is spelled out ("IFN-ω" is not "IFN"), and accents leave their letter behind.

    >>> match_key("Tumour necrosis factor‑α") == match_key("tumor necrosis factor alpha")
    True
    """
    if not name.isascii():
        decomposed = unicodedata.normalize("NFKD", fold(name).text)
        name = "".join(c for c in decomposed if not unicodedata.combining(c))
    key = fold_name(name)
    return _BRITISH.sub(lambda found: _AMERICAN[found[0]], key)


def singular(name: str) -> str:
    """The name with plurals in -ies made singular, which keys leave as they are."""
    return _PLURAL.sub("y", name) if "ies" in name else name


def is_damaged(name: str) -> bool:
    """Whether a character was lost on the way ("interferon-?"): the name says too little."""
    return "?" in name or "\ufffd" in name
