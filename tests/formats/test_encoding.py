import io
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from il12nlp.formats.encoding import Utf8Stream


class Trickle(io.BytesIO):
    """Gives a few bytes at a time, as a slow pipe does."""

    step = 3

    def read(self, size: int | None = -1) -> bytes:
        return super().read(self.step)


def text_of(data: bytes, *, step: int | None = None) -> str:
    raw = io.BytesIO(data) if step is None else Trickle(data)
    if isinstance(raw, Trickle):
        raw.step = step or 1
    return io.BufferedReader(Utf8Stream(raw, source="x")).read().decode("utf-8")


@given(st.binary(max_size=40), st.integers(1, 5))
def test_text_does_not_depend_on_how_bytes_arrive(data: bytes, step: int) -> None:
    logging.disable()
    assert text_of(data, step=step) == text_of(data)
    logging.disable(logging.NOTSET)


@given(st.text(st.characters(exclude_categories=["Cs"])).filter(lambda t: t[:1] != "\ufeff"))
def test_valid_utf8_is_given_unchanged(text: str) -> None:
    assert text_of(text.encode()) == text
    assert text_of(b"\xef\xbb\xbf" + text.encode()) == text


def test_every_wrong_byte_becomes_one_character(caplog: pytest.LogCaptureFixture) -> None:
    wrong = bytes(range(0x80, 0x100))
    text = text_of(b"a" + b" ".join(wrong[i : i + 1] for i in range(128)))
    assert len(text.split(" ")) == 128
    assert text.startswith("a€ \x81 ‚")
    assert "x: not valid UTF-8 from byte 1 on" in caplog.text


def test_mixed_encodings_are_told_apart_byte_by_byte() -> None:
    assert text_of("TNF-α ".encode() + b"5 \xb5g " + "IFN-γ".encode()) == "TNF-α 5 µg IFN-γ"


def test_character_cut_off_at_the_end_is_not_dropped() -> None:
    assert text_of(b"IFN-\xce") == "IFN-Î"


def test_rewound_stream_gives_everything_again() -> None:
    stream = io.BufferedReader(
        Utf8Stream(io.BytesIO(b"\xef\xbb\xbf" + b"ab" * 200_000), source="x", rewindable=True)
    )
    first = stream.read()
    stream.seek(0)
    assert stream.read() == first == b"ab" * 200_000


def test_stream_can_only_be_rewound() -> None:
    stream = Utf8Stream(io.BytesIO(b"abc"), source="x", rewindable=True)
    with pytest.raises(io.UnsupportedOperation):
        stream.seek(2)
