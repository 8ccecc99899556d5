import io

from hypothesis import given
from hypothesis import strategies as st

from il12nlp.formats.lines import numbered_lines


def test_lines_end_at_line_feeds_only() -> None:
    data = b"a \t\r\n\x0b\x0c\xc2\x85b\rc\n\n\r\nlast"
    assert list(numbered_lines(io.BytesIO(data))) == [
        (1, b"a \t"),
        (2, b"\x0b\x0c\xc2\x85b\rc"),
        (3, b""),
        (4, b""),
        (5, b"last"),
    ]


@given(st.lists(st.integers(0, 25), max_size=8), st.booleans())
def test_lines_over_the_limit_are_none_and_the_others_keep_their_number(
    lengths: list[int], ended: bool
) -> None:
    data = b"\n".join(b"x" * length for length in lengths) + (b"\n" if ended else b"")
    expected = [b"x" * n if n <= 10 else None for n in lengths]
    if expected and not ended and expected[-1] == b"":
        expected.pop()
    if not lengths and ended:
        expected = [b""]
    found = list(numbered_lines(io.BytesIO(data), limit=10))
    assert [line for _, line in found] == expected
    assert [number for number, _ in found] == list(range(1, len(found) + 1))
