"""Finding the articles among the lines of a PubMed page.

Three layouts: the web page, where the heading "Abstract" leads (title and authors above it); the
text form, blocks between blank lines that begin with a numbered citation; and a page without
that heading, which has no abstract or lost the heading to whatever saved it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from il12nlp.formats import page_layout as layout
from il12nlp.formats.sections import is_label

_OTHERS = frozenset({"similar articles", "cited by", "references", "comment in", "comment on"})
"""Headings below which the identifiers are those of other articles."""

_LONGEST_TITLE_LINES = 6
_SENTENCE_END = (".", "?", "!", ":", ")", "]")


@dataclass(frozen=True, slots=True)
class Part:
    """One article of a page: `line` is where it begins, from 1.

    `own` are the lines that hold its identifiers, `after` what follows the abstract; `certain` is
    one that stands as PubMed prints it, for users' own notes have citations and PMIDs too.
    """

    line: int
    title: str
    paragraphs: tuple[str, ...]
    own: tuple[str, ...]
    after: tuple[str, ...] = ()
    citation: re.Match[str] | None = None
    journal_line: str = ""
    certain: bool = False


def find_parts(lines: Sequence[str]) -> Iterator[Part]:
    """The articles of a page in their order; `lines` are trimmed."""
    starts = [i for i, line in enumerate(lines) if "skip to main" in line.casefold()]
    for start, end in pairwise([0, *starts[1:], len(lines)]):
        yield from _parts_of_page(lines, start, end)


def _parts_of_page(lines: Sequence[str], start: int, end: int) -> Iterator[Part]:
    headings = [i for i in range(start, end) if _leads_an_abstract(lines, i, end)]
    on_web = any(map(layout.is_page_only, lines[start:end]))
    if headings:
        for heading, limit in pairwise([*headings, end]):
            yield _with_heading(lines, start, heading, limit, on_web=on_web)
            start = heading
    elif on_web and not _is_numbered(lines[start:end]):
        yield from _without_heading(lines, start, end)
    else:
        yield from _text_form(lines, start, end)


def _is_numbered(lines: Sequence[str]) -> bool:
    return next(filter(layout.CITATION.match, lines), "")[:1].isdecimal()


def _has_pmid(lines: Iterable[str]) -> bool:
    return any(map(layout.PMID.search, lines))


def _leads_an_abstract(lines: Sequence[str], at: int, end: int) -> bool:
    """Whether this is the heading "Abstract" and not the menu's line of that name."""
    if layout.bare(lines[at]) != "abstract":
        return False
    following = next((lines[i] for i in range(at + 1, end) if lines[i]), "")
    return bool(following) and not layout.is_heading(following)


def _with_heading(
    lines: Sequence[str], start: int, heading: int, limit: int, *, on_web: bool
) -> Part:
    """The last citation above the heading is the article's own; its title stands below that."""
    cited = [i for i in range(start, heading) if layout.CITATION.match(lines[i])]
    at = cited[-1] if cited else None
    title = _title_below(lines, start if at is None else at + 1, heading)
    in_order = bool(title) and (at is not None or _has_pmid(lines[start:heading]))
    if not title and at is not None:
        title = _line_above(lines, start, at)
    stop = next((i for i in range(heading + 1, limit) if _ends_abstract(lines[i])), limit)
    tail = next((i for i in range(stop, limit) if layout.bare(lines[i]) in _OTHERS), limit)
    own = (*lines[start if at is None else at : heading], *lines[stop:tail])
    # A full text has an abstract too, and then references.
    complete = in_order and tail == limit and _has_pmid(own)
    return Part(
        line=(heading if at is None else at) + 1,
        title=title,
        paragraphs=tuple(paragraphs(lines[heading + 1 : stop])),
        own=own,
        after=tuple(lines[stop:limit]),
        citation=None if at is None else layout.CITATION.match(lines[at]),
        journal_line="" if at is None else _line_above(lines, start, at),
        certain=complete or (on_web and (at is not None or _has_pmid(own))),
    )


def _ends_abstract(line: str) -> bool:
    return (
        layout.is_heading(line)
        or layout.KEYWORDS.match(line) is not None
        or layout.COPYRIGHT.match(line) is not None
        or layout.IDENTIFIER.match(line) is not None
    )


def _title_below(lines: Sequence[str], start: int, end: int) -> str:
    """First line that is no button, with the lines that it goes on in."""
    for i in range(start, end):
        line = lines[i]
        if layout.is_noise(line) or layout.CITATION_REST.match(line):
            continue
        if layout.IDENTIFIER.match(line):
            return ""
        title = [line]
        for more in lines[i + 1 : min(end, i + _LONGEST_TITLE_LINES)]:
            if not more or not _goes_on(title[-1], more):
                break
            title.append(more)
        return " ".join(title)
    return ""


def _goes_on(line: str, following: str) -> bool:
    if layout.GOES_ON.search(line):
        return True
    lower = following[0].islower() and not layout.AUTHORS.match(following)
    return lower and not line.endswith(_SENTENCE_END)


def _line_above(lines: Sequence[str], start: int, at: int) -> str:
    for line in reversed(lines[start:at]):
        if not layout.is_noise(line):
            # The title that a browser gives to the page.
            return line.removesuffix(" - NCBI").removesuffix(" - PubMed")
    return ""


def paragraphs(lines: Sequence[str]) -> Iterator[str]:
    """Lines joined to paragraphs; a blank line, or a section's label, begins the next one."""
    current: list[str] = []
    for line in lines:
        if not line:
            if current and not _is_lone_label(current):
                yield " ".join(current)
                current = []
            continue
        if current and _begins_section(line, current[-1]):
            yield " ".join(current)
            current = []
        alone = not current and is_label(line)
        current.append(f"{line}:" if alone else line)
    if current:
        yield " ".join(current)


def _begins_section(line: str, before: str) -> bool:
    label, colon, _ = line.partition(":")
    complete = bool(colon) or before.endswith(_SENTENCE_END)
    return complete and label[:1].isupper() and is_label(label) and not _is_lone_label([before])


def _is_lone_label(current: Sequence[str]) -> bool:
    return len(current) == 1 and current[0].endswith(":") and is_label(current[0][:-1])


def _without_heading(lines: Sequence[str], start: int, end: int) -> Iterator[Part]:
    """A page whose abstract has no heading, or that has no abstract."""
    at = next((i for i in range(start, end) if layout.CITATION.match(lines[i])), None)
    if at is None:
        return
    citation = layout.CITATION.match(lines[at])
    above = _line_above(lines, start, at)
    stop = next((i for i in range(at + 1, end) if _ends_abstract(lines[i])), end)
    below = [line for line in lines[at + 1 : stop] if line]
    # Page savers that keep the main text only put the title on top and drop authors and PMID.
    saved = bool(citation and citation["journal"] and above and below)
    saved = saved and not _has_pmid(lines[at:end])
    tail = next((i for i in range(stop, end) if layout.bare(lines[i]) in _OTHERS), end)
    yield Part(
        line=at + 1,
        title=above if saved else _title_below(lines, at + 1, stop),
        paragraphs=tuple(paragraphs(lines[at + 1 : stop])) if saved else (),
        own=tuple(lines[at:tail]),
        after=tuple(lines[stop:end]),
        citation=citation,
        journal_line=above,
        certain=True,
    )


def _text_form(lines: Sequence[str], start: int, end: int) -> Iterator[Part]:
    """Records of PubMed's "Abstract (text)": blocks of lines, the first of each a citation."""
    blocks = list(_blocks(lines, start, end))
    firsts = [n for n, (at, _) in enumerate(blocks) if layout.CITATION.match(lines[at])]
    # What stands above the first citation gets lost, so in this form nothing does.
    leads = bool(firsts) and all(map(layout.is_noise, lines[start : blocks[firsts[0]][0]]))
    for first, limit in pairwise([*firsts, len(blocks)]):
        yield _text_record(blocks[first:limit], leads=leads)


def _blocks(lines: Sequence[str], start: int, end: int) -> Iterator[tuple[int, list[str]]]:
    block: list[str] = []
    for i in range(start, end):
        if lines[i]:
            block.append(lines[i])
        elif block:
            yield i - len(block), block
            block = []
    if block:
        yield end - len(block), block


def _text_record(blocks: Sequence[tuple[int, list[str]]], *, leads: bool) -> Part:
    at, cited = blocks[0]
    texts = [" ".join(block) for _, block in blocks[1:]]
    title = texts[0] if texts and not layout.IDENTIFIER.match(texts[0]) else ""
    rest = [(i, text) for i, text in enumerate(texts[1:], start=2) if not _around(text)]
    # The authors come first; an abstract can look like them only where it stands alone.
    signed = bool(rest) and rest[0][0] == 2 and layout.AUTHORS.match(rest[0][1]) is not None
    if signed:
        rest = rest[1:]
    kept = [line for i, _ in rest for line in (*blocks[i][1], "")]
    own = (" ".join(cited), *(t for t in texts if layout.IDENTIFIER.match(t)))
    return Part(
        line=at + 1,
        title=title,
        paragraphs=tuple(paragraphs(kept)),
        own=own,
        after=tuple(line for _, block in blocks[1:] for line in (*block, "")),
        citation=layout.CITATION.match(" ".join(cited)),
        certain=leads and (signed or _is_numbered(cited)) and _has_pmid(own),
    )


def _around(text: str) -> bool:
    return (
        layout.INFORMATION.match(text) is not None
        or layout.IDENTIFIER.match(text) is not None
        or layout.COPYRIGHT.match(text) is not None
        or layout.KEYWORDS.match(text) is not None
    )
