"""From the relations of a document to findings: whole rows that one can count.

    identity     which mentions name the same thing
    repeats      relations that say once more what another mention of their agent says
    clauses      which words of a sentence belong together
    arms         whether a sentence names its agents together or one by one
    links        what holds agents together: combinations, deliveries
    sayings      one agent or combination, one outcome, one direction, said once
    context      how the cytokine was delivered, in which cancers it was studied
    regimens     by which route and in which dose an agent was given
    roles        whether a cytokine was given, measured, blocked or produced
    claims       whether a sentence tells what was known, aimed at, done, found or concluded
    comparators  what a sentence sets its agents against
    assembly     sayings with their context, the same finding said twice made one

docs/findings.md gives the rules with examples and the reasons for them.
"""

from il12nlp.findings.assembly import assemble

__all__ = ["assemble"]
