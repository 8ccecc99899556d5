"""From one element of PubMed XML to a document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from il12nlp.document import Document
from il12nlp.formats.sections import Section, build_document, clean_label, split_labelled, unwrapped

if TYPE_CHECKING:
    from lxml import etree

_YEAR = re.compile(r"\b(1[5-9]|20)\d\d\b", re.ASCII)
_NO_TITLE = "[Not Available]."
"""What PubMed writes where only the title in the original language is known."""


def document_of(record: etree._Element) -> Document:
    """Document of a PubmedArticle or PubmedBookArticle."""
    is_book = record.tag == "PubmedBookArticle"
    outer = record.find("BookDocument" if is_book else "MedlineCitation")
    if outer is None:
        outer = record
    article = outer if is_book else outer.find("Article")
    if article is None:
        article = outer
    return build_document(
        title=_title(article),
        sections=_sections(article),
        record_id=flat_text(outer.find("PMID")) or None,
        meta=_meta(record, outer, article),
    )


def _sections(article: etree._Element) -> Iterator[Section]:
    for part in article.iterfind("Abstract/AbstractText"):
        label, text = clean_label(part.get("Label")), flat_text(part)
        if label is None:
            # Many abstracts have their labels in the text: "PURPOSE: … RESULTS: …".
            yield from split_labelled(text)
        else:
            yield Section(text, label)


def flat_text(element: etree._Element | None) -> str:
    """All text of an element and what is nested in it (b, i, sup, sub, MathML), tails too.

    The layout of the file (line breaks and indentation) becomes single spaces.
    """
    return "" if element is None else unwrapped("".join(map(str, element.itertext())))


def _title(article: etree._Element) -> str:
    title = flat_text(article.find("ArticleTitle"))
    if title and title != _NO_TITLE:
        return title
    return (
        flat_text(article.find("VernacularTitle"))
        or flat_text(article.find("Book/BookTitle"))
        or title
    )


def _meta(record: etree._Element, outer: etree._Element, article: etree._Element) -> dict[str, Any]:
    return {
        "journal": flat_text(outer.find("MedlineJournalInfo/MedlineTA"))
        or flat_text(article.find("Journal/ISOAbbreviation"))
        or flat_text(article.find("Journal/Title")),
        "year": _year(article),
        "languages": _texts(article, "Language"),
        "publication_types": _texts(article, "PublicationTypeList/PublicationType")
        or _texts(article, "PublicationType"),
        "mesh": _headings(outer),
        "keywords": _texts(outer, "KeywordList/Keyword"),
        "doi": _identifier(record, article, "doi"),
        "pmcid": _identifier(record, article, "pmc"),
        "copyright": flat_text(article.find("Abstract/CopyrightInformation")),
        "book": flat_text(article.find("Book/BookTitle")),
        "other_abstracts": [
            other.get("Language", "und") for other in outer.iterfind("OtherAbstract")
        ],
    }


def _texts(element: etree._Element, path: str) -> list[str]:
    return [text for text in map(flat_text, element.iterfind(path)) if text]


def _year(article: etree._Element) -> int | None:
    for path in ("Journal/JournalIssue/PubDate", "Book/PubDate", "ArticleDate"):
        date = article.find(path)
        found = None if date is None else _YEAR.search(" ".join(map(str, date.itertext())))
        if found:
            return int(found.group())
    return None


def _headings(outer: etree._Element) -> list[str]:
    """MeSH as "descriptor", or "descriptor/qualifier" for each qualifier."""
    headings = []
    for heading in outer.iterfind("MeshHeadingList/MeshHeading"):
        descriptor = flat_text(heading.find("DescriptorName"))
        qualifiers = _texts(heading, "QualifierName")
        headings += [f"{descriptor}/{q}" for q in qualifiers] or [descriptor]
    return headings


def _identifier(record: etree._Element, article: etree._Element, kind: str) -> str:
    """The record's own identifier; those of its references lie deeper."""
    for path in (
        f"ELocationID[@EIdType='{kind}']",
        f"ArticleIdList/ArticleId[@IdType='{kind}']",
    ):
        if found := flat_text(article.find(path)):
            return found
    for data in ("PubmedData", "PubmedBookData"):
        found = flat_text(record.find(f"{data}/ArticleIdList/ArticleId[@IdType='{kind}']"))
        if found:
            return found
    return ""
