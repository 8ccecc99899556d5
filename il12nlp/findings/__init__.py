"""From the relations of a document to findings: whole rows that one can count.

    identity    which mentions name the same thing
    clauses     which words of a sentence belong together
    sayings     one agent or combination, one outcome, one direction, said once
    context     how the cytokine was delivered, in which cancers it was studied
    assembly    sayings with their context, the same finding said twice made one

docs/findings.md gives the rules with examples and the reasons for them.
"""

from il12nlp.findings.assembly import assemble

__all__ = ["assemble"]
