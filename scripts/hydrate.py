"""Give a stand-off corpus its texts back, from PubMed or from local files.

    python scripts/hydrate.py corpora/cto_standoff/train.jsonl train.jsonl
    python scripts/hydrate.py corpora/cto_standoff/dev.jsonl dev.jsonl --from export.nbib
    python scripts/hydrate.py corpora/cto_public_standoff/first.jsonl out.jsonl --from FILE...

PubMed is asked three times a second at most, ten with an API key in NCBI_API_KEY; NCBI likes to
know an e-mail address, taken from NCBI_EMAIL. A run that was cut off goes on where it stopped.
Exit status: 0 all restored, 3 some records or mentions were not (OUT.failures.jsonl says why),
1 nothing could be done, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import logging
import sys

from il12nlp.errors import Il12nlpError
from il12nlp.pubmed.client import EUTILS_URL, EutilsSettings, PubMedClient
from il12nlp.pubmed.hydrate import hydrate


def main(arguments: list[str] | None = None) -> int:
    """Run the script; returns its exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", help="stand-off file")
    parser.add_argument("out", help="annotated documents to write, canonical JSONL")
    parser.add_argument(
        "--from",
        dest="source",
        metavar="FILE",
        nargs="+",
        default=(),
        help="files, folders or patterns with the texts",
    )
    parser.add_argument("--base-url", default=EUTILS_URL, help="E-utilities (default: %(default)s)")
    args = parser.parse_args(arguments)
    logging.basicConfig(format="%(message)s")
    try:
        client = PubMedClient(EutilsSettings.from_environment(base_url=args.base_url))
        s = hydrate(args.corpus, args.out, source=args.source, client=client)
    except Il12nlpError as error:
        print(error, file=sys.stderr)
        return 1
    print(
        f"{s.documents} documents: {s.exact} with the very text that was annotated, "
        f"{s.anchored} anchored anew in another print of it, {s.missing} without text "
        f"({s.fetched} read or fetched in this run)\n"
        f"{s.mentions} mentions ({s.lost_mentions} lost), "
        f"{s.relations} relations ({s.lost_relations} lost) in {args.out}"
    )
    if not s.missing and not s.lost_mentions:
        return 0
    print(f"reasons in {args.out}.failures.jsonl", file=sys.stderr)
    return 3 if s.exact + s.anchored else 1


if __name__ == "__main__":
    sys.exit(main())
