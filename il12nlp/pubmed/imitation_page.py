"""The text that a reader gets who selects a whole PubMed page in the browser and copies it.

Around the record it holds the page's banner, navigation, similar articles, references and links,
with titles of other abstracts that a reader of the format must not take for this one's text.
"""

from __future__ import annotations

from collections.abc import Sequence

from il12nlp.document import Document
from il12nlp.pubmed.imitation import (
    AUTHORS,
    JOURNAL,
    JOURNAL_SHORT,
    YEAR,
    doi,
    notice,
    publication_types,
    split_sections,
)

_PAGE_TOP = """\
Skip to main page content
U.S. flag
An official website of the United States government
Here's how you know
Dot gov
The .gov means it's official.
Federal government websites often end in .gov or .mil. Before sharing sensitive information, \
make sure you're on a federal government site.
Https
The site is secure.
The https:// ensures that you are connecting to the official website and that any information \
you provide is encrypted and transmitted securely.
NIH NLM Logo
Log in
Access keys
NCBI Homepage
MyNCBI Homepage
Main Content
Main Navigation
pubmed logo
Search:
Search
Advanced Clipboard
User Guide
Save
Email
Send to
Display options
Full text links
Publisher full text link
Actions
Cite
Collections
Share
Permalink
Page navigation
Title & authors
Abstract
Similar articles
References
Publication types
LinkOut - more resources
"""

_PAGE_BOTTOM = """\
LinkOut - more resources
Full Text Sources
Publisher of Invented Abstracts
Full text links [x]
Cite
Copy
Download .nbib
Format:
NLM
Follow NCBI
Connect with NLM
National Library of Medicine
8600 Rockville Pike
Bethesda, MD 20894
Web Policies
FOIA
HHS Vulnerability Disclosure
Help
Accessibility
Careers
NLM
NIH
HHS
USA.gov
"""

_BYLINE = "Nemo A, Utopia T."


def to_page(document: Document, *, others: Sequence[Document]) -> str:
    """The page of one abstract; the titles of `others` fill its lists of articles."""
    title, sections = split_sections(document)
    kind = "Review" if "Review" in publication_types(document) else ""
    abstract = [f"{label}: {text}" if label else text for label, text in sections]
    authors = " 1 , ".join(f"{fore} {last}" for last, fore in AUTHORS)
    lines = [
        *([kind] if kind else []),
        JOURNAL_SHORT,
        f". {YEAR} Jan 1:1-9. doi: {doi(document)}. Online ahead of print.",
        title,
        f"{authors} 1",
        "Affiliation",
        "1 Department of Invention, University of Utopia, Erewhon.",
        f"PMID: {document.id} DOI: {doi(document)}",
        "Abstract",
        *abstract,
        "",
        "Keywords: cancer; cytokine; invented abstract.",
        "",
        f"© {YEAR}. {notice(document)}",
        "",
        "PubMed Disclaimer",
        "",
        "Conflict of interest statement",
        "The authors do not exist.",
        "",
        "Similar articles",
        *_similar(others),
        "See all similar articles",
        "",
        "References",
        *_references(others),
        "Publication types",
        *publication_types(document),
        "Actions",
        "",
    ]
    return _PAGE_TOP + "\n".join(lines) + _PAGE_BOTTOM


def _similar(others: Sequence[Document]) -> list[str]:
    lines = []
    for other in others:
        title, sections = split_sections(other)
        snippet = " ".join(sections[0][1].split()[:18])
        types = [t for t in publication_types(other) if t == "Review"]
        lines += [
            f"{title}.",
            _BYLINE,
            f"{JOURNAL}. {YEAR}. doi: {doi(other)}.",
            f"PMID: {other.id} {' '.join(types)}".rstrip(),
            f"{snippet} …",
        ]
    return lines


def _references(others: Sequence[Document]) -> list[str]:
    lines = []
    for number, other in enumerate(others, start=1):
        title, _ = split_sections(other)
        source = f"{JOURNAL_SHORT} {YEAR};1:{number}–{number + 8}. - DOI - PubMed"
        lines += [f"{_BYLINE} {title}. {source}"]
    return lines
