"""Invented articles on pages as PubMed shows them, in several layouts."""

from __future__ import annotations

from tests.formats.samples import BACKGROUND, CONCLUSIONS, RESULTS, TITLE

_BANNER = """Skip to main page content
U.S. flagAn official website of the United States government Here's how you know
The .gov means it's official.
NIH NLM LogoLog in

Access keysNCBI HomepageMyNCBI HomepageMain ContentMain Navigation
pubmed logo
Search:
Search
SaveEmailSend to
Display options
Full text links
Nowhere Press full text link
Actions
Page navigation
Title & authors
Abstract
Conflict of interest statement
Similar articles
Cited by
References
Publication types
MeSH terms
Grants and funding
LinkOut - more resources
"""

_FOOTER = """Similar articles
Interleukin-18 in another tumor altogether.
Elsewhere X, Other Y.
J Other. 2003 Jan;2(1):10-9. doi: 10.9999/other.1. Epub 2002 Dec 1.
PMID: 999Free PMC article.Review.
See all similar articles
Cited by
A later paper on IL-12.
J Later. 2010 May 1;7(2):3-4. doi: 10.9999/later.
PMID: 998
See all "Cited by" articles
References
Elsewhere X. Earlier work. J Early. 1999;1:1-2. - PubMed

Publication types
Research Support, Non-U.S. Gov't
MeSH terms
Animals
Interleukin-12 / therapeutic use*
Grants and funding
LinkOut - more resources
Full Text Sources
Nowhere Press
NCBI Literature Resources MeSH PMC Bookshelf Disclaimer
National Library of Medicine
"""

NEW = f"""{_BANNER}Review J Made Up Immunol
. 2001 Mar 1;1(1):1-9. doi: 10.5555/made.1.
{TITLE}
Ann B Nobody 1, Carl van Nowhere 2
Affiliations Expand
PMID: 101 PMCID: PMC77 DOI: 10.5555/made.1
Abstract
Background: {BACKGROUND}

Results: {RESULTS}

Conclusions: {CONCLUSIONS}

Keywords: cytokine; melanoma.

Copyright © 2001, Nowhere Press.

PubMed Disclaimer

Conflict of interest statement
The authors declare none.

{_FOOTER}"""
"""The page since 2020, copied with Ctrl-A; a review with labelled sections."""

SAVED = f"""{TITLE.rstrip(".")} - PubMed
===============
Skip to main page content

An official website of the United States government
Here's how you know

Subject: 1 selected item: 101 - PubMed
[x] MeSH and other data
Page navigation

Title & authors
Abstract
Similar articles
LinkOut - more resources

J Made Up Immunol
Actions

Search in PubMed
Search in NLM Catalog
Add to Search

. 2001 Mar 1;1(1):1-9.
doi: 10.5555/made.1.
{TITLE}
A B Nobody1,C van Nowhere
Affiliations Expand
Affiliation

1 Department of Invention, Nowhere. 2001.

PMID: 101
DOI: 10.5555/made.1

Abstract

{BACKGROUND}
{RESULTS}

PubMed Disclaimer
Similar articles

Another. J Other. 2003 Jan;2(1):10-9.
Publication types

Review

Actions
 Search in PubMed
 Search in MeSH
 Add to Search

MeSH terms

Animals

Actions
 Search in PubMed
"""
"""The same page saved as text, every button a line."""

OLD = f"""NCBI
Skip to main content
Skip to navigation
Resources
How To
PubMed
US National Library of Medicine National Institutes of Health
Search database
Search
Advanced Help
Display Settings: Abstract
Send to:
J Made Up Immunol. 2001 Mar 1;1(1):1-9.
Interleukin-12 (IL-12) and anti-PD-1 in
{"B16 melanoma."}
van Nowhere AB1, Doe C.
Author information
1
Department of Invention, Nowhere.
Abstract
BACKGROUND:
{BACKGROUND}
RESULTS:
{RESULTS}
CONCLUSIONS:
{CONCLUSIONS}
Copyright © 2001 Nowhere Press.
KEYWORDS: cytokine; melanoma
PMID: 101 DOI: 10.5555/made.1
[PubMed - indexed for MEDLINE] Free full text
Publication Types, MeSH Terms, Substances
LinkOut - more resources
"""
"""The page of the 2010s."""

TEXT_FORM = f"""1. J Made Up Immunol. 2001 Mar 1;1(1):1-9. doi: 10.5555/made.1. 
Epub 2001 Jan 2.

Interleukin-12 (IL-12) and anti-PD-1 in 
B16 melanoma.

Nobody AB(1), van Nowhere C(2), Doe X.

Author information:
(1)Department of Invention, Nowhere.
(2)Elsewhere.

Comment in
    J Other. 2003 Jan;2(1):10-9.

BACKGROUND: IL-12 activates NK cells; 
TNF-α is needed too.
RESULTS: {RESULTS}
CONCLUSIONS: {CONCLUSIONS}

Copyright © 2001 Nowhere Press.

DOI: 10.5555/made.1
PMCID: PMC77
PMID: 101 [Indexed for MEDLINE]

Conflict of interest statement: none.


2. J Other. 2003 Jan;2(1):10-9.

Interleukin-18 in another tumor.

[No authors listed]

It did nothing.

PMID: 102
"""
"""PubMed's "Abstract (text)" of two records."""

MAIN_TEXT = f"""{TITLE}

J Made Up Immunol. 2001 Mar 1;1(1):1-9. doi: 10.5555/made.1. Epub 2001 Jan 2.


{BACKGROUND} {RESULTS}

Publication types

  • Review

MeSH terms

  • Animals
"""
"""What savers of a page's main text leave of it: no heading, authors or PMID."""

_MENU_WITHOUT = _BANNER.replace("Abstract\n", "")

NO_ABSTRACT = f"""{_MENU_WITHOUT}J Made Up Immunol
. 2001 Mar 1;1(1):1-9. doi: 10.5555/made.1.
{TITLE}
Ann B Nobody 1
Affiliations Expand
PMID: 101 DOI: 10.5555/made.1
No abstract available
{_FOOTER}"""
