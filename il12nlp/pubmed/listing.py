"""What files of all PubMed a server lists, and which of them are wanted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from http.client import HTTPResponse

from il12nlp.errors import ConfigError, NetworkError
from il12nlp.formats.newest import FILE_NAME
from il12nlp.pubmed.transport import Transport

_FOLDERS = ("baseline/", "updatefiles/")
_LINK = re.compile(rb"""href\s*=\s*["']([^"'<>]{1,200})["']""", re.I)
_SPAN = re.compile(r"([0-9]{1,5})(-([0-9]{1,5})?)?", re.ASCII)
_LONGEST = 1 << 24


@dataclass(frozen=True, slots=True)
class Listed:
    """A file that the server lists, by its place there."""

    name: str
    folder: str

    @property
    def year(self) -> str:
        """The two digits of the baseline's year."""
        return self.name[6:8]

    @property
    def number(self) -> int:
        """Its number, by which a file is newer than another."""
        return int(self.name[9:].partition(".")[0])


@dataclass(frozen=True, slots=True)
class FileNumbers:
    """Numbers of files: spans with both ends, of which the last may be open."""

    spans: tuple[tuple[int, int], ...] = ((0, 99_999),)

    @classmethod
    def parse(cls, text: str) -> FileNumbers:
        """From "1-20,1300-"; raises ConfigError for what is none."""
        spans = []
        for part in text.split(","):
            match = _SPAN.fullmatch(part.strip())
            first = int(match[1]) if match else 1
            last = 0 if not match else int(match[3]) if match[3] else 99_999 if match[2] else first
            if last < first:
                raise ConfigError(
                    f"{part.strip()!r} is no span of file numbers, such as 1-20,1300-"
                )
            spans.append((first, last))
        return cls(tuple(spans))

    def __contains__(self, number: int) -> bool:
        return any(first <= number <= last for first, last in self.spans)


def listing(transport: Transport) -> list[Listed]:
    """The files of the newest year, by number; those of the year before are not applied to it.

    Raises NetworkError where the server lists none.
    """

    def names(answer: HTTPResponse) -> list[str]:
        links = _LINK.findall(transport.body(answer, most=_LONGEST))
        # What is no such name, a path among them, never becomes a file here.
        return [name for link in links if FILE_NAME.fullmatch(name := link.decode("latin-1"))]

    found = [
        Listed(name, folder)
        for folder in _FOLDERS
        for name in transport.ask(transport.settings.url(folder), names)
    ]
    years = [file.year for file in found if file.folder == _FOLDERS[0]]
    if not years:
        url = transport.settings.url(_FOLDERS[0])
        raise NetworkError(f"{url}: lists no file of a baseline; check the base URL")
    newest = {file.number: file for file in found if file.year == max(years)}
    return [newest[number] for number in sorted(newest)]
