"""The reference scorer in its first form, kept as it was to hold the library's figures to it.

It works on plain dicts of the canonical JSON form, shares no code with il12nlp and is never to
be changed together with it. Only layout and the error it raises differ from the tool.
"""

import collections
import re

GREEK = {
    "α": "alpha",
    "β": "beta",
    "γ": "gamma",
    "δ": "delta",
    "κ": "kappa",
    "λ": "lambda",
    "ß": "beta",
}
EFFECTS = ("INCREASES", "DECREASES", "NO_EFFECT")
UNDIRECTED = ("COMBINED_WITH",)


def fold(name):
    name = "".join(GREEK.get(c, c) for c in name.lower())
    words = re.sub(r"[^a-z0-9+]+", " ", name).split()
    words = [
        w[:-1] if len(w) > 3 and w.endswith("s") and not w.endswith("ss") else w for w in words
    ]
    return "".join(words)


def prf(tp, fp, fn):
    p = tp / (tp + fp) if tp + fp else 0.0
    r = tp / (tp + fn) if tp + fn else 0.0
    return {"p": p, "r": r, "f1": 2 * p * r / (p + r) if p + r else 0.0, "gold": tp + fn}


def greedy_overlap(gold, pred):
    """Number of one-to-one matches of overlapping spans of one type, longest overlap first."""
    pairs = sorted(
        (
            (min(g[1], q[1]) - max(g[0], q[0]), i, j)
            for i, g in enumerate(gold)
            for j, q in enumerate(pred)
            if min(g[1], q[1]) > max(g[0], q[0])
        ),
        reverse=True,
    )
    gi, pj = set(), set()
    for _, i, j in pairs:
        if i not in gi and j not in pj:
            gi.add(i)
            pj.add(j)
    return len(gi)


def spans(doc):
    return {e["id"]: (e["start"], e["end"], e["type"]) for e in doc.get("entities", [])}


def rels(doc):
    s, out = spans(doc), {}
    for r in doc.get("relations", []):
        h, t = s[r["head"]], s[r["tail"]]
        if r["type"] in UNDIRECTED and h > t:
            h, t = t, h
        out[(r["type"], h, t)] = bool(r.get("speculative"))
    return out


def score(gold_docs, pred_docs):
    pred_by_id = {str(d["id"]): d for d in pred_docs}
    c = collections.defaultdict(lambda: [0, 0, 0])
    spec = study = nspec = nstudy = 0

    def add(key, tp, ngold, npred):
        c[key][0] += tp
        c[key][1] += npred - tp
        c[key][2] += ngold - tp

    for g in gold_docs:
        p = pred_by_id.get(str(g["id"]), {"entities": [], "relations": []})
        if p.get("text") is not None and p["text"] != g["text"]:
            raise ValueError(f"the text of {g['id']} differs from gold's")
        gs, ps = set(spans(g).values()), set(spans(p).values())
        add("ner.strict", len(gs & ps), len(gs), len(ps))
        for ty in {x[2] for x in gs | ps}:
            a, b = {x for x in gs if x[2] == ty}, {x for x in ps if x[2] == ty}
            add("ner." + ty, len(a & b), len(a), len(b))
            add("ner.overlap", greedy_overlap(sorted(a), sorted(b)), len(a), len(b))
        gr, pr = rels(g), rels(p)
        add("rel.strict", len(gr.keys() & pr.keys()), len(gr), len(pr))

        def over(a, b):
            return a[2] == b[2] and min(a[1], b[1]) > max(a[0], b[0])

        used, hits = set(), collections.Counter()
        for r in sorted(gr):
            for q in sorted(pr, key=lambda q: q != r):
                same = q[0] == r[0] and (
                    (over(q[1], r[1]) and over(q[2], r[2]))
                    or (r[0] in UNDIRECTED and over(q[1], r[2]) and over(q[2], r[1]))
                )
                if q not in used and same:
                    used.add(q)
                    hits[r[0]] += 1
                    nspec += 1
                    spec += gr[r] == pr[q]
                    break
        add("rel.overlap", len(used), len(gr), len(pr))
        for lab in {x[0] for x in gr} | {x[0] for x in pr}:
            add("rel." + lab, hits[lab], sum(x[0] == lab for x in gr), sum(x[0] == lab for x in pr))

        def names(doc, table, labels):
            t = doc.get("text") or g["text"]  # noqa: B023
            out = set()
            for lab, h, k in table:
                if lab in labels:
                    a, b = fold(t[h[0] : h[1]]), fold(t[k[0] : k[1]])
                    if lab in UNDIRECTED:
                        a, b = sorted((a, b))
                    out.add((a, lab, b))
            return out

        for key, labels in (("effects", EFFECTS), ("combos", ("COMBINED_WITH", "DELIVERED_BY"))):
            a, b = names(g, gr, labels), names(p, pr, labels)
            add(key, len(a & b), len(a), len(b))
        if g.get("study_type"):
            nstudy += 1
            study += g["study_type"] == p.get("study_type")
    out = {k: prf(*v) for k, v in c.items()}
    if nspec:
        out["spec.accuracy"] = spec / nspec
    if nstudy:
        out["study.accuracy"] = study / nstudy
    return out
