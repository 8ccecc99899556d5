"""Documents in the forms that PubMed gives out: efetch XML, and NBIB as it exports it.

For demonstrations and tests with invented abstracts. Whatever a form wants and a document lacks
(authors, journal, year, DOI) is invented too, and plainly so; a document's `meta["notice"]` goes
where each form has its copyright statement. The id stands in the place of the PMID.
`imitation_page` makes the text of a web page.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from xml.sax.saxutils import escape

from il12nlp.document import Document
from il12nlp.errors import RecordError
from il12nlp.schema import StudyType

JOURNAL = "Journal of Invented Abstracts"
JOURNAL_SHORT = "J Invent Abstr"
YEAR = 2025
AUTHORS = (("Nemo", "Ada"), ("Utopia", "Tom"))

_LABELS = re.compile(
    r"(?:^|(?<=[.!?)] ))(Background/Aims|Background|Introduction|Aims?|Purpose|Methods|Results|"
    r"Discussion|Conclusions?): ",
    re.IGNORECASE,
)
_RAISED = re.compile(r"(?<=CD\d)\+|(?<=CD\d\d)\+")
_PUBLICATION_TYPES: Mapping[str | None, tuple[str, ...]] = {
    StudyType.CLINICAL: ("Journal Article", "Clinical Trial"),
    StudyType.REVIEW: ("Journal Article", "Review"),
}


def split_sections(document: Document) -> tuple[str, list[tuple[str | None, str]]]:
    """Title and (label, text) of the abstract's sections; labels are those written in the text."""
    title, _, abstract = document.text.partition("\n")
    first, *rest = _LABELS.split(abstract)
    sections: list[tuple[str | None, str]] = [(None, first.strip())] if first.strip() else []
    sections += [(label, text.strip()) for label, text in zip(rest[::2], rest[1::2], strict=True)]
    return title, sections


def to_efetch_xml(documents: Iterable[Document]) -> str:
    """A PubmedArticleSet as efetch answers."""
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            "<PubmedArticleSet>",
            *(_article_xml(d) for d in documents),
            "</PubmedArticleSet>",
            "",
        ]
    )


def _article_xml(document: Document) -> str:
    title, sections = split_sections(document)
    label = ' Label="{}"'.format
    abstract = "".join(
        f"""
        <AbstractText{label(name.upper()) if name else ""}>{_xml(text)}</AbstractText>"""
        for name, text in sections
    )
    authors = "".join(
        f"""
        <Author><LastName>{last}</LastName><ForeName>{fore}</ForeName></Author>"""
        for last, fore in AUTHORS
    )
    types = "".join(
        f"""
        <PublicationType>{name}</PublicationType>"""
        for name in publication_types(document)
    )
    return f"""\
<PubmedArticle>
  <MedlineCitation Status="In-Data-Review" Owner="NOTNLM">
    <PMID Version="1">{escape(document.id)}</PMID>
    <Article PubModel="Electronic">
      <Journal>
        <JournalIssue CitedMedium="Internet"><PubDate><Year>{YEAR}</Year></PubDate></JournalIssue>
        <Title>{JOURNAL}</Title>
        <ISOAbbreviation>{JOURNAL_SHORT}</ISOAbbreviation>
      </Journal>
      <ArticleTitle>{_xml(title)}</ArticleTitle>
      <ELocationID EIdType="doi" ValidYN="N">{doi(document)}</ELocationID>
      <Abstract>{abstract}
        <CopyrightInformation>{escape(notice(document))}</CopyrightInformation>
      </Abstract>
      <AuthorList CompleteYN="Y">{authors}
      </AuthorList>
      <Language>eng</Language>
      <PublicationTypeList>{types}
      </PublicationTypeList>
    </Article>
    <MedlineJournalInfo><MedlineTA>{JOURNAL_SHORT}</MedlineTA></MedlineJournalInfo>
  </MedlineCitation>
</PubmedArticle>"""


def _xml(text: str) -> str:
    return _RAISED.sub("<sup>+</sup>", escape(text))


def to_nbib(documents: Iterable[Document]) -> str:
    """Records as PubMed exports them for citation managers, a blank line before each."""
    return "".join("\n" + "".join(_nbib_lines(document)) for document in documents)


def _nbib_lines(document: Document) -> Iterator[str]:
    title, sections = split_sections(document)
    fields = [
        ("PMID", document.id),
        ("OWN", "NOTNLM"),
        ("STAT", "In-Data-Review"),
        ("DP", str(YEAR)),
        ("TI", title),
        ("LID", f"{doi(document)} [doi]"),
        ("AB", " ".join(f"{name.upper()}: {text}" if name else text for name, text in sections)),
        ("CI", notice(document)),
        *(("FAU", f"{last}, {fore}") for last, fore in AUTHORS),
        ("LA", "eng"),
        *(("PT", name) for name in publication_types(document)),
        ("TA", JOURNAL_SHORT),
        ("JT", JOURNAL),
        ("SO", f"{JOURNAL_SHORT}. {YEAR}. doi: {doi(document)}."),
    ]
    for tag, value in fields:
        lines = textwrap.wrap(value, 82, break_long_words=False, break_on_hyphens=False)
        yield f"{tag:<4}- " + "\n      ".join(lines) + "\n"


def doi(document: Document) -> str:
    """A DOI under 10.5555, the prefix that is kept for examples and leads nowhere."""
    return f"10.5555/invented.{document.id}"


def notice(document: Document) -> str:
    """What a document says about itself; it must say that it is invented."""
    if not document.meta.get("invented"):
        raise RecordError("only invented abstracts are imitated", record_id=document.id)
    return str(document.meta["notice"])


def publication_types(document: Document) -> tuple[str, ...]:
    """PubMed's publication types for a study type."""
    return _PUBLICATION_TYPES.get(document.study_type, ("Journal Article",))
