from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from il12nlp import formats
from il12nlp.cli.output import Failures
from il12nlp.errors import OutputError
from il12nlp.formats import Failure
from il12nlp.schema import CTO
from tests.cli.conftest import Run

LINES = [
    {"pmid": "11", "title": "IL-12 in mice", "abstract": "IL-12 reduced tumor growth."},
    {"id": "x", "text": "TNF-α and IFN‑γ rose."},
]


@pytest.fixture
def given(tmp_path: Path) -> Path:
    path = tmp_path / "given.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in LINES))
    return path


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    path = tmp_path / "broken.jsonl"
    path.write_text(f"{json.dumps(LINES[0])}\nnot json\n{json.dumps(LINES[1])}\n")
    return path


def test_annotate_writes_documents_with_exact_offsets(
    run: Run, given: Path, model_folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.jsonl"
    result = run("annotate", given, "-o", out, "--model", model_folder, "--device", "cpu")
    assert result.exit_code == 0
    documents = formats.read_documents([out])
    assert [d.id for d in documents] == ["11", "x"]
    assert [d.text for d in documents] == [
        "IL-12 in mice\nIL-12 reduced tumor growth.", "TNF-α and IFN‑γ rose."
    ]  # fmt: skip
    assert all(d.check(CTO).mentions for d in documents)
    assert "2 documents" in result.stderr
    assert not Path(f"{out}.failures.jsonl").exists()


@pytest.mark.parametrize(("suffix", "delimiter"), [(".csv", ","), (".tsv", "\t")])
def test_annotate_writes_a_table_of_findings(
    run: Run, given: Path, model_folder: Path, tmp_path: Path, suffix: str, delimiter: str
) -> None:
    out = tmp_path / f"out{suffix}"
    assert run("annotate", given, "-o", out, "-m", model_folder).exit_code == 0
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=delimiter))
    kept = tmp_path / "kept.jsonl"
    run("annotate", given, "-o", kept, "-m", model_folder)
    assert len(rows) == sum(len(d.findings) for d in formats.read_documents([kept]))


def test_annotate_goes_on_after_a_bad_record(
    run: Run, broken: Path, model_folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.jsonl"
    result = run("annotate", broken, "-o", out, "-m", model_folder)
    assert result.exit_code == 3
    assert [d.id for d in formats.read_documents([out])] == ["11", "x"]
    [failure] = map(json.loads, Path(f"{out}.failures.jsonl").read_text().splitlines())
    assert (failure["line"], failure["source"]) == (2, str(broken))
    assert failure["reason"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_full_disk_is_told_with_the_list_of_failures(tmp_path: Path) -> None:
    failures = Failures(str(tmp_path / "out.jsonl"))
    Path(failures.path).symlink_to("/dev/full")
    with pytest.raises(OutputError, match=r"out\.jsonl\.failures\.jsonl: .*No space"), failures:
        failures.write(Failure("a.jsonl", 1, None, "not JSON"))


def test_annotate_forgets_the_failures_of_an_earlier_run(
    run: Run, given: Path, broken: Path, model_folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.jsonl"
    run("annotate", broken, "-o", out, "-m", model_folder)
    run("annotate", given, "-o", out, "-m", model_folder)
    assert not Path(f"{out}.failures.jsonl").exists()


def test_annotate_leaves_out_what_scores_below(
    run: Run, given: Path, model_folder: Path, tmp_path: Path
) -> None:
    def relations(*options: object) -> dict[tuple[str, str], float]:
        """Scores of the relations that no finding rests on."""
        out = tmp_path / "out.jsonl"
        assert run("annotate", given, "-o", out, "-m", model_folder, *options).exit_code == 0
        documents = formats.read_documents([out])
        cited = {(d.id, r) for d in documents for f in d.findings for r in f.relations}
        found = {(d.id, r.id): r.score for d in documents for r in d.relations}
        return {key: score for key, score in found.items() if key not in cited}

    assert relations("--min-score", 1.0) == {}
    scores = sorted(relations("--min-score", 0.0).values())
    half = scores[len(scores) // 2]
    assert scores[0] < half
    assert min(relations("--min-score", half).values()) >= half
    assert run("annotate", given, "--min-score", "1.1").exit_code == 2


@pytest.mark.parametrize(
    ("name", "content"),
    [("empty.txt", b""), ("paper.pdf", b"%PDF-1.7\n..."), ("box.xml", b"PK\x03\x04...."),
     ("torn.xml", b"<PubmedArticleSet><PubmedArticle><Medline"), ("odd.xyz", b"\x00\x01\x02")],
)  # fmt: skip
def test_annotate_says_in_one_line_why_a_file_is_of_no_use(
    run: Run, model_folder: Path, tmp_path: Path, name: str, content: bytes
) -> None:
    path, out = tmp_path / name, tmp_path / "out.jsonl"
    path.write_bytes(content)
    result = run("annotate", path, "-o", out, "-m", model_folder)
    assert result.exit_code == 1
    told = result.stderr + (Path(f"{out}.failures.jsonl").read_text() if "torn" in name else "")
    assert name in told
    assert "Traceback" not in told
    assert not out.exists()


def test_annotate_names_a_missing_input_before_it_loads_a_model(run: Run, tmp_path: Path) -> None:
    result = run("annotate", tmp_path / "no*.xml", "-o", tmp_path / "o.jsonl", "-m", "nowhere")
    assert result.exit_code == 1
    assert "no file matches" in result.stderr


def test_annotate_names_a_missing_model_and_leaves_nothing(
    run: Run, given: Path, tmp_path: Path
) -> None:
    result = run("annotate", given, "-o", tmp_path / "out.jsonl", "--model", tmp_path / "gone")
    assert result.exit_code == 1
    assert "gone: no such model folder" in result.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["given.jsonl"]


def test_annotate_refuses_an_unknown_output(run: Run, given: Path, tmp_path: Path) -> None:
    result = run("annotate", given, "-o", tmp_path / "out.docx")
    assert result.exit_code == 2
    assert ".docx" in result.stderr
    assert "'--output'" in result.stderr


def test_annotate_without_input_is_wrong_usage(run: Run) -> None:
    assert run("annotate").exit_code == 2
    for wrong in (["--no-such-option"], ["--device", "tpu"], ["--from", "doc"], ["--to", "doc"]):
        assert run("annotate", "x.xml", *wrong).exit_code == 2


def test_annotate_reads_standard_input(run: Run, model_folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    line = (json.dumps(LINES[0]) + "\n").encode()
    assert run("annotate", "-", "-o", out, "-m", model_folder, input=line).exit_code == 0
    assert [d.id for d in formats.read_documents([out])] == ["11"]


def test_annotate_names_bad_terms_before_it_loads_a_model(
    run: Run, given: Path, tmp_path: Path
) -> None:
    out, terms = tmp_path / "out.jsonl", tmp_path / "terms.tsv"
    terms.write_text("no such columns\n")
    result = run("annotate", given, "-o", out, "--terms", terms, "-m", "nowhere")
    assert result.exit_code == 1
    assert result.stderr.startswith(f"error: {terms}:1")
    assert not out.exists()


def test_annotate_names_an_output_folder_that_is_not_there(
    run: Run, given: Path, tmp_path: Path
) -> None:
    result = run("annotate", given, "-o", tmp_path / "no" / "out.jsonl", "-m", "nowhere")
    assert result.exit_code == 1
    assert "out.jsonl: cannot be written" in result.stderr


def test_annotate_does_not_read_what_it_wrote(
    run: Run, broken: Path, model_folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.jsonl"
    for _ in range(2):
        assert run("annotate", tmp_path, "-o", out, "-m", model_folder).exit_code == 3
        assert [d.id for d in formats.read_documents([out])] == ["11", "x"]
    # Named, it is read: annotating a file in its place is no accident.
    assert run("annotate", out, "-o", out, "-m", model_folder).exit_code == 0
