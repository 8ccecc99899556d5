from __future__ import annotations

from unittest.mock import Mock

import pytest

from il12nlp.findings.identity import Identities
from il12nlp.report import BY, COLUMNS, summarise
from tests.report.build import finding, paper


def values(column: str, *findings: dict, **fields: str) -> list[str]:
    rows = summarise([paper("1", *findings, **fields)], by=[column])
    return [row.group[column] for row in rows]


def test_columns_take_a_combination_as_a_group_of_its_own() -> None:
    said = finding(cytokines=("IL-18", "IL-12"), therapies=("nivolumab", "cisplatin"))
    assert values("cytokine", said) == ["IL-12 + IL-18"]
    assert values("partner", said) == ["cisplatin + nivolumab"]
    assert values("partner_class", said) == ["chemotherapy + immune checkpoint inhibitor"]


def test_columns_meet_in_the_class_of_different_partners() -> None:
    rows = summarise(
        [
            paper("1", finding(therapies=("nivolumab",))),
            paper("2", finding(therapies=("pembrolizumab",))),
            paper("3", finding(therapies=("nivolumab", "pembrolizumab"))),
        ]
    )
    assert [(r.group["partner_class"], r.tally.papers) for r in rows] == [
        ("immune checkpoint inhibitor", 3)
    ]


def test_columns_name_what_is_not_there() -> None:
    said = finding(therapies=("herbs",), outcome="luck")
    assert values("partner_class", finding()) == ["none"]
    assert values("partner_class", said) == ["unclassified"]
    assert values("outcome_class", said) == ["unclassified"]
    assert values("cancer", said) == ["not stated"]
    assert values("study_type", said, study_type="") == ["not stated"]


def test_columns_fold_the_name_of_what_is_not_linked() -> None:
    rows = summarise(
        [paper("1", finding(cytokines=("TNF‑α",))), paper("2", finding(cytokines=("tnf-alpha",)))],
        by=["cytokine"],
    )
    assert [(r.group["cytokine"], r.tally.papers) for r in rows] == [("tnf-alpha", 2)]


def test_columns_name_an_interferon_as_the_document_does_elsewhere() -> None:
    fever = finding(cytokines=("interferon",), outcome="fever")
    alone = finding(cytokines=("interferon",))
    given = finding(cytokines=("interferon gamma",))
    assert values("cytokine", given, fever) == ["interferon gamma"]
    assert values("cytokine", alone) == ["interferon"]


def test_columns_seek_the_interferons_of_a_document_once(monkeypatch: pytest.MonkeyPatch) -> None:
    seek = Mock(wraps=Identities)
    monkeypatch.setattr("il12nlp.report.columns.Identities", seek)
    of_interferon = [finding(cytokines=("interferon",), cancers=("melanoma", "glioma"))] * 3
    summarise([paper("1", *of_interferon), paper("2", finding()), paper("3", *of_interferon)])
    assert [call.args[0].id for call in seek.call_args_list] == ["1", "3"]


def test_columns_put_a_finding_into_each_of_its_cancers() -> None:
    said = finding(cancers=("melanoma", "glioma"))
    rows = summarise([paper("1", said)], by=["cancer", "direction"])
    assert [tuple(r.group.values()) for r in rows] == [
        ("glioma", "decrease"),
        ("melanoma", "decrease"),
    ]
    assert [list(r.by_cancer) for r in rows] == [["glioma"], ["melanoma"]]


@pytest.mark.parametrize("column", sorted(COLUMNS))
def test_columns_all_have_a_value(column: str) -> None:
    assert all(values(column, finding(cancers=("melanoma",))))
    assert all(values(column, finding(cytokines=("IL-3",), outcome="luck"), study_type=""))


def test_columns_of_the_default_are_known() -> None:
    assert set(BY) <= set(COLUMNS)


@pytest.mark.parametrize(
    ("by", "message"),
    [
        (["cytokine", "dose"], "unknown column 'dose'; known: cytokine, partner"),
        ([], "no column to group by; known: cytokine"),
        (["cancer", "cancer"], "column 'cancer' stands twice"),
    ],
)
def test_columns_that_make_no_table_are_refused(by: list[str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        summarise([], by=by)
