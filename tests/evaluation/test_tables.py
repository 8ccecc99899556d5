from il12nlp.document import Document, Mention
from il12nlp.evaluation.bootstrap import Interval
from il12nlp.evaluation.metrics import score
from il12nlp.evaluation.tables import Table, figure_table, source_table


def doc(id: str, *types: str, source: str | None = None, study: str | None = None) -> Document:
    mentions = tuple(Mention(f"T{i}", 0, 5, kind, "IL-12") for i, kind in enumerate(types))
    meta = {} if source is None else {"source": source}
    return Document(id, "IL-12", mentions=mentions, meta=meta, study_type=study)


def test_figure_table_orders_figures_and_shows_numbers() -> None:
    scores = score([doc("1", "CYTOKINE", study="animal")], [doc("1", "CYTOKINE", "CELL")])
    table = figure_table(scores, {"ner.strict": Interval(0.66, 0.5, 0.75)})
    assert [row[0] for row in table.rows] == [
        "ner.strict",
        "ner.overlap",
        "rel.strict",
        "rel.overlap",
        "effects",
        "combos",
        "ner.CELL",
        "ner.CYTOKINE",
        "study.accuracy",
    ]
    lines = table.to_text().splitlines()
    assert lines[0] == "figure              P      R     F1  gold  95 % interval"
    assert lines[1] == "ner.strict      0.500  1.000  0.667     1  0.500–0.750"
    assert lines[-1] == "study.accuracy                0.000     1"


def test_source_table_has_a_row_for_each_source_and_for_all() -> None:
    gold = [doc("1", "CYTOKINE", source="b"), doc("2", "CELL", source="a"), doc("3", "CELL")]
    predicted = [doc("1", "CYTOKINE"), doc("2", "CANCER")]
    table = source_table(gold, predicted, ["ner.strict", "ner.CYTOKINE"])
    assert table.columns == ("source", "documents", "ner.strict", "ner.CYTOKINE")
    assert table.rows == (
        ("a", 1, 0.0, None),
        ("b", 1, 1.0, 1.0),
        ("unknown", 1, 0.0, None),
        ("all", 3, 0.4, 1.0),
    )


def test_table_renders_as_markdown() -> None:
    table = Table(("name", "F1"), (("a|b", 0.5), ("c", None)))
    assert table.to_markdown().splitlines() == [
        "| name | F1 |",
        "| --- | ---: |",
        "| a\\|b | 0.500 |",
        "| c |  |",
    ]


def test_table_without_rows_renders_its_header() -> None:
    assert Table(("name", "F1"), ()).to_text() == "name  F1"
