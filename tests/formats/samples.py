"""Invented records in the shapes that PubMed gives, and short ways to read them."""

from __future__ import annotations

from pathlib import Path

from il12nlp import formats
from il12nlp.document import Document
from il12nlp.formats import Failure, Record

TITLE = "Interleukin-12 (IL-12) and anti-PD-1 in B16 melanoma."
BACKGROUND = "IL-12 activates NK cells; TNF-α is needed too."
RESULTS = "IL-12 plus anti-PD-1 reduced tumor growth (n = 8/group)."
CONCLUSIONS = "The combination may be worth testing."
SECTIONS = (("BACKGROUND", BACKGROUND), ("RESULTS", RESULTS), ("CONCLUSIONS", CONCLUSIONS))
TEXT = "\n".join([TITLE, BACKGROUND, RESULTS, CONCLUSIONS])

DOCTYPE = (
    '<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" '
    '"https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">'
)

ABSTRACT = "".join(
    f'<AbstractText Label="{label}" NlmCategory="{label}">{text}</AbstractText>'
    for label, text in SECTIONS
)


def article(pmid: str = "101", *, title: str = TITLE, abstract: str = ABSTRACT) -> str:
    """A PubmedArticle with the elements that the reader keeps."""
    inner = f"<Abstract>{abstract}</Abstract>" if abstract else ""
    return f"""<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM">
<PMID Version="1">{pmid}</PMID>
<Article PubModel="Print"><Journal><JournalIssue><PubDate><Year>2001</Year></PubDate></JournalIssue>
<Title>Journal of made-up immunology</Title><ISOAbbreviation>J Made Up Immunol</ISOAbbreviation>
</Journal><ArticleTitle>{title}</ArticleTitle>
<ELocationID EIdType="pii">x1</ELocationID><ELocationID EIdType="doi">10.5555/made.1</ELocationID>
{inner}<Language>eng</Language><PublicationTypeList>
<PublicationType UI="D016428">Journal Article</PublicationType>
<PublicationType UI="D016454">Review</PublicationType></PublicationTypeList></Article>
<MedlineJournalInfo><MedlineTA>J Made Up Immunol</MedlineTA></MedlineJournalInfo>
<MeshHeadingList><MeshHeading><DescriptorName>Animals</DescriptorName></MeshHeading><MeshHeading>
<DescriptorName>Interleukin-12</DescriptorName><QualifierName>genetics</QualifierName>
<QualifierName MajorTopicYN="Y">therapeutic use</QualifierName></MeshHeading></MeshHeadingList>
<KeywordList><Keyword>cytokine</Keyword><Keyword>melanoma</Keyword></KeywordList>
</MedlineCitation><PubmedData><ArticleIdList><ArticleId IdType="pubmed">{pmid}</ArticleId>
<ArticleId IdType="pmc">PMC77</ArticleId></ArticleIdList><ReferenceList><Reference><ArticleIdList>
<ArticleId IdType="doi">10.9999/other</ArticleId></ArticleIdList></Reference></ReferenceList>
</PubmedData></PubmedArticle>"""


def article_set(*items: str, doctype: str = DOCTYPE) -> str:
    """A PubmedArticleSet as efetch and the baseline files give it."""
    body = "\n".join(items)
    return f'<?xml version="1.0" ?>\n{doctype}\n<PubmedArticleSet>\n{body}\n</PubmedArticleSet>\n'


NBIB = f"""
PMID- 101
OWN - NLM
STAT- MEDLINE
DP  - 2001 Mar 1
TI  - Interleukin-12 (IL-12) and anti-PD-1 in 
      B16 melanoma.
LID - 10.5555/made.1 [doi]
AB  - BACKGROUND: {BACKGROUND} RESULTS: IL-12 plus anti-PD-1 reduced 
      tumor growth (n = 8/group). CONCLUSIONS: {CONCLUSIONS}
FAU - Nobody, Ann
AU  - Nobody A
AD  - Department of Invention, Nowhere.
LA  - eng
PT  - Journal Article
PT  - Review
TA  - J Made Up Immunol
JT  - Journal of made-up immunology
MH  - Animals
MH  - Interleukin-12/genetics/*therapeutic use
OT  - cytokine
OT  - *melanoma
PMC - PMC77
SO  - J Made Up Immunol. 2001 Mar 1;1(1):1-9.
"""

META = {
    "journal": "J Made Up Immunol",
    "year": 2001,
    "languages": ["eng"],
    "publication_types": ["Journal Article", "Review"],
    "mesh": ["Animals", "Interleukin-12/genetics", "Interleukin-12/therapeutic use"],
    "keywords": ["cytokine", "melanoma"],
    "doi": "10.5555/made.1",
    "pmcid": "PMC77",
}


def read(
    folder: Path, name: str, content: str | bytes, *, format: str | None = None
) -> list[Record]:
    """Records of a file of that name and content."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return list(formats.read(path, format=format))


def document(records: list[Record]) -> Document:
    """The one document that these records are, its offsets proved."""
    assert len(records) == 1, records
    assert isinstance(records[0], Document), records
    return records[0].check()


def failure(records: list[Record]) -> Failure:
    """The one failure that these records are."""
    assert len(records) == 1, records
    assert isinstance(records[0], Failure), records
    return records[0]


def parts(document: Document) -> list[tuple[str, str | None, str]]:
    """Kind, label and text of each passage."""
    return [(p.kind, p.label, document.text[p.start : p.end]) for p in document.passages]


LABELLED = [
    ("title", None, TITLE),
    ("abstract", "BACKGROUND", BACKGROUND),
    ("abstract", "RESULTS", RESULTS),
    ("abstract", "CONCLUSIONS", CONCLUSIONS),
]
