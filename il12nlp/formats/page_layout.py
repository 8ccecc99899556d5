"""What stands on a PubMed web page around an article: the words that a pasted page shows.

In the layouts before and since 2020, copied with Ctrl-A or saved as text.
"""

from __future__ import annotations

import re
from functools import lru_cache


def _entries(text: str) -> frozenset[str]:
    entries = (" ".join(entry.split()) for entry in text.replace("\n", "|").split("|"))
    return frozenset(filter(None, entries))


HEADINGS = _entries(
    """
    affiliation | affiliations | author information | authors | collaborators | title & authors
    conflict of interest statement | figures | comment in | comment on | comments | erratum in
    erratum for | update in | update of | republished in | republished from | retraction in
    retraction of | corrected and republished in | summary for patients in
    expression of concern in | plain language summary | similar articles | cited by | references
    publication types | mesh terms | publication types, mesh terms
    publication types, mesh terms, substances | publication type | substances
    supplementary concepts | associated data | related information | grants and funding
    grant support | personal name as subject | secondary source id | linkout - more resources
    linkout | medical | full text links | full text sources | other literature sources
    miscellaneous | research materials | pubmed disclaimer | images from this publication
    pubmed commons | see all similar articles | see all "cited by" articles
    cited by other articles in pmc | related citations in pubmed | ncbi literature resources
    page navigation | literature resources | chemical information | molecular biology databases
    """
)
"""Headings that end an abstract, and that a page's own menu lists."""

NOISE = _entries(
    """
    skip to main page content | skip to main content | skip to navigation | skip to search
    u.s. flag | an official website of the united states government | here's how you know
    the .gov means it's official. | the site is secure. | log in | show account info | close
    account | username | dashboard | publications | account settings | log out
    access keys | ncbi homepage | myncbi homepage | main content | main navigation | pubmed logo
    pubmed | pubmed.gov | search | search term | search database | advanced
    advanced help | advanced clipboard | user guide | help | save | email | send to | send to:
    save email | save email send to | clipboard | my bibliography | collections
    citation manager | display options | format | abstract pubmed pmid | summary
    summary (text) | abstract (text) | actions | cite | share | permalink | copy | favorites
    cite favorites | add to collections | add to search | search in pubmed
    search in nlm catalog | search in mesh | full text links | free article | free pmc article
    free full text | nih nlm logo | national library of medicine
    national center for biotechnology information | us national library of medicine
    national institutes of health | resources | how to | sign in to ncbi | about ncbi accesskeys
    result filters | display settings | display settings: abstract | format: abstract | expand
    collapse | expand all | collapse all | affiliations expand | affiliations collapse
    no abstract available
    create alert | rss | x | us flag
    """
)
"""Whole lines of banner, menu and buttons."""

PAGE_ONLY = _entries(
    """
    similar articles | see all similar articles | see all "cited by" articles | pubmed disclaimer
    publication types | mesh terms | publication types, mesh terms
    publication types, mesh terms, substances | affiliations expand | search in pubmed
    search in mesh | cited by other articles in pmc | related citations in pubmed
    full text links | linkout - more resources | skip to main page content
    """
)
"""Whole lines that PubMed's page prints and hardly any other text on an article."""

_BANNER = "official website of the united states government"

PUBLICATION_TYPES = (
    "Review",
    "Systematic Review",
    "Meta-Analysis",
    "Randomized Controlled Trial",
    "Controlled Clinical Trial",
    "Clinical Trial, Phase I",
    "Clinical Trial, Phase II",
    "Clinical Trial, Phase III",
    "Clinical Trial, Phase IV",
    "Clinical Trial",
    "Observational Study",
    "Multicenter Study",
    "Comparative Study",
    "Case Reports",
    "Practice Guideline",
    "Guideline",
    "Editorial",
    "Letter",
    "Comment",
)
"""Types that the page prints before the journal's name."""

_TYPES = frozenset(kind.casefold() for kind in PUBLICATION_TYPES)

CITATION = re.compile(
    r"(?:\d{1,5}\.[ \t]+)?(?P<journal>[^.;:?!]{1,150}?)?\s?\.\s(?P<year>(?:1[89]|20)\d\d)"
    r"(?: [A-Z][a-z]{2,5}(?:[-/][A-Z][a-z]{2,5})?)?(?: \d{1,2}(?:-\d{1,2})?)?"
    r"\s?(?:[;:]|\. ?(?:doi|pii|Online|Epub|\[))"
)
"""As "J Immunol. 2001 Mar 1;166(5):3211-8.", numbered, or with the journal a line above."""

CITATION_REST = re.compile(r"(?:doi:|pii:|Epub\b|eCollection\b|Online ahead of print|Print \d{4})")
"""A line that goes on with the citation."""

PMID = re.compile(r"\bPMID:?\s*([1-9]\d{0,8}|[A-Z]\w{0,8}-\w{1,12})")
"""A PMID, or in its place the id of an invented record ("A9-031"), which no PMID can be."""

PMCID = re.compile(r"\bPMCID:?\s*(PMC\d+)\b")
DOI = re.compile(r"\bdoi:?\s*(?:https?://(?:dx\.)?doi\.org/)?(10\.\d{4,9}/\S+)", re.IGNORECASE)
KEYWORDS = re.compile(r"key ?words?:\s*(.*)", re.IGNORECASE)
COPYRIGHT = re.compile(r"(?:©|\(c\)\s*\d{4}|copyright\b)", re.IGNORECASE)
IDENTIFIER = re.compile(
    r"(?:(?:PMID|PMCID|DOI|NIHMSID):|Free (?:PMC |full )?(?:article|text)\b"
    r"|\[Indexed for MEDLINE\]|\[PubMed)",
    re.IGNORECASE,
)
INFORMATION = re.compile(
    r"(?:Author information:|Collaborators:|\[Article in |Comment (?:in|on)\b|Erratum (?:in|for)\b"
    r"|Update (?:in|of)\b|(?:Corrected and )?[Rr]epublished (?:in|from)\b|Retraction (?:in|of)\b"
    r"|Summary for patients in\b|Expression of concern in\b|Conflict of interest statement"
    r"|Publication Types?:)"
)
"""Starts of the blocks that the text form puts around an abstract."""

AUTHORS = re.compile(
    r"(?:\[No authors listed\]|(?:[^\W\d_][\w'’.-]*[ ]){1,5}[A-Z]{1,4}"
    r"(?: (?:Jr|Sr|2nd|3rd|II|III))?(?:\(\d+\)|\d)*(?:[,;.]|$))"
)
"""Start of a line of authors as in "Smith JA(1), de Vries K"."""

GOES_ON = re.compile(
    r"(?:[-,:–]|\b(?:a|an|and|as|at|by|for|from|in|into|is|its|of|on|or|the|their|to|via|versus|vs\.?|with))$"
)
"""End of a line that the next one must belong to."""

_BULLET = re.compile(r"(?:[•*·–-] ?|\[x\] ?|\d{1,3}\.?$)")


_LONGEST_ENTRY = 100
"""No heading or button is longer."""


def bare(line: str) -> str:
    """A line for comparing: folded case, single spaces, without bullet and final colon."""
    return line if len(line) > _LONGEST_ENTRY else _bare(line)


@lru_cache(maxsize=1024)  # a page's own words come back line by line, page by page
def _bare(line: str) -> str:
    line = " ".join(line.replace("\u2019", "'").split()).casefold()
    bullet = _BULLET.match(line)
    return line[bullet.end() if bullet else 0 :].rstrip(": ")


def is_heading(line: str) -> bool:
    """Whether a line is the heading of a part that is not the abstract."""
    return bare(line) in HEADINGS


def is_page_only(line: str) -> bool:
    """Whether a line shows that the text comes from PubMed's page."""
    low = bare(line)
    return low in PAGE_ONLY or _BANNER in low


def is_noise(line: str) -> bool:
    """Whether a line belongs to the banner, a menu or a button."""
    low = bare(line)
    return (
        not low
        or low in NOISE
        or low in HEADINGS
        or low in _TYPES
        or low.endswith("full text link")
        or low.startswith(
            ("u.s. flag", "access keys", "nih nlm logo", "save citation", "logged in")
        )
        or _BANNER in low
    )
