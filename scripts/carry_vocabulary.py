"""Give a trained model word pieces of its field, in the place of pieces that its texts use least.

usage: python scripts/carry_vocabulary.py MODEL OUTPUT --texts FILE [FILE ...] [--apart FILE ...]

Words are counted over the texts (those in which `--pattern` is found count three times, and the
encoder learns the new pieces from these alone); texts of the files after `--apart` are left out.
"""

from __future__ import annotations

import argparse
import logging
import re
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from il12nlp.errors import Il12nlpError
from il12nlp.model.loading import BUNDLED, load_model, load_tokenizer
from il12nlp.training.alignment import align
from il12nlp.training.building import save_model
from il12nlp.training.data import load_documents, without
from il12nlp.training.vocabulary import carry_over, count_words, replacements

FIELD = (
    r"cancer|tumou?r|carcinom|melanom|leuk[ae]+mi|lymphom|interleukin|interferon|cytokine"
    r"|necrosis factor|\bIL-|\bIFN|CSF\b"
)


def main() -> int:
    """Exit status: 0 written, 1 not."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", nargs="?", default=str(BUNDLED))
    parser.add_argument("output", type=Path)
    parser.add_argument("--texts", nargs="+", required=True, metavar="FILE")
    parser.add_argument("--apart", nargs="+", default=[], metavar="FILE")
    parser.add_argument("--pattern", default=FIELD, help="what texts of the field hold")
    parser.add_argument("--pieces", type=int, default=12_000, help="pieces to exchange")
    parser.add_argument("--steps", type=int, default=1200, help="steps of learning the new pieces")
    args = parser.parse_args()
    if args.output.exists():
        parser.error(f"{args.output} is there already: name a new folder")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    wanted = re.compile(args.pattern, re.IGNORECASE)
    try:
        teacher = load_model(args.model), load_tokenizer(args.model)
        documents = without(load_documents(args.texts), load_documents(args.apart))
        weights = [3 if wanted.search(d.text) else 1 for d in documents]
        field = [d for d, weight in zip(documents, weights, strict=True) if weight > 1]
        texts = (d.text for d in documents)
        words = count_words(teacher[1], zip(texts, weights, strict=True))
        replaced = replacements(teacher[1], words, number=args.pieces)
        # What lies in the output is whole: nobody takes pieces for learnt that are not, nor a part.
        with TemporaryDirectory() as folder:
            carry_over(load_model(args.model), teacher[1], replaced, folder)
            student = load_model(folder), load_tokenizer(folder)
            apart = align(student, teacher, field, steps=args.steps)
            part = args.output.with_name(f"{args.output.name}.part")
            save_model(*student, part).replace(args.output)
    except Il12nlpError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"{len(replaced)} pieces exchanged, error {apart:.4f}; model written to {args.output}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
