"""The words by which a text says what part a cytokine plays.

`BEFORE` patterns end where the cytokine's name starts, `BEHIND` patterns start where it ends.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from il12nlp.schema import Role

_FLAGS = re.IGNORECASE
_FILL = (
    r"(?:(?:the|a|an|recombinant|human|murine|mouse|rat|canine|feline|bovine|soluble|endogenous|exogenous|local|host|"
    r"either|both|only|of|to|its|their)\s){0,3}$"
)
"""Words that may stand between a sign and the name."""
_DASH = r"[-‐–−]"


def _before(signs: str) -> re.Pattern[str]:
    return re.compile(rf"(?:^|[\s(/])(?:{signs})\s{_FILL}", _FLAGS)


def _behind(signs: str) -> re.Pattern[str]:
    return re.compile(signs, _FLAGS)


BEFORE: Mapping[Role, re.Pattern[str]] = {
    Role.BLOCKED: re.compile(
        rf"(?:\banti{_DASH}?\s?$|(?:^|[\s(])(?:neutrali[sz](?:ing|ed|ation\sof)|block(?:ing|ed|ade\sof|"
        r"ers?\sof)|inhibit(?:ing|ion\sof|ors?\sof)|antagoni(?:[sz]ing|sts?\sof|sm\sof)|"
        r"deplet(?:ing|ion\sof)|silencing(?:\sof)?|knock(?:ing)?[-\s]?(?:down|out)\sof|knock-?down|"
        r"delet(?:ing|ion\sof)|loss\sof|deficien(?:t\s(?:in|for)|cy\s(?:of|in))|ablation\sof|"
        r"(?:antibod(?:y|ies)|mAbs?|si[- ]?RNAs?|"
        rf"shRNAs?)\s(?:to|against|targeting|for))\s{_FILL})",
        _FLAGS,
    ),
    Role.PRODUCED: re.compile(
        rf"(?:{_DASH}(?:derived|secreted|produced|released)\s{_FILL}|(?:^|[\s(])(?:autocrine|"
        r"paracrine|endogenous(?:ly\s(?:produced|secreted))?|its\sown|their\sown)\s$|"
        # Not "co-secretion", which is a gift of engineered cells.
        rf"(?:^|[\s(])(?:secret(?:es?|ed|ing|ion\sof)|produc(?:es?|ing|tion\sof)|releas(?:es?|ing|e\sof)|"
        rf"synthesi[sz](?:es?|ed|ing)|made)\s{_FILL})",
        _FLAGS,
    ),
    Role.MEASURED: _before(
        r"serum|plasma|circulating|urinary|salivary|levels?\sof|"
        r"expression\sof|titers?\sof|elevated|undetectable|detectable|"
        r"(?:high|low|raised|increased|decreased|reduced|baseline|pre-?treatment)\s"
        r"(?:serum|plasma|circulating)"
    ),
    Role.GIVEN: _before(
        r"recombinant|exogenous|pegylated|low[-\s]doses?|high[-\s]doses?|intermediate[-\s]dose|"
        r"(?:pre)?treat(?:ed|ing|ment)\swith|therapy\swith|after|following|"
        r"(?:cultured|incubated|treated|stimulated|vaccinated|immuni[sz]ed)\s(?:[\w-]+\s){1,4}with|receiv(?:ed|ing)|given|giving|gave|"
        r"(?:co-?)?(?:administ(?:ered|ering|ration\sof)|inject(?:ed|ing|ions?\sof|ed\swith)|"
        r"infus(?:ed|ing|ions?\sof))|addition\sof|adding|added|supplement(?:ed|ation)\swith|"
        r"expos(?:ed|ure)\sto|incubat(?:ed|ion)\swith|stimulat(?:ed|ion)\swith|"
        r"(?:cultured|grown|expanded|activated|primed|matured)\s(?:with|in)|doses?\sof|"
        r"trials?\sof|delivery\sof|use\sof|combination\s(?:of|with)|combined\swith|"
        r"transfected\swith|transduced\swith|encoding|electroporation\sof|bolus(?:es)?\s(?:of)?|"
        r"phase\s[iv123ab/]+\s(?:study|trial)\sof|response\sto|responses\sto"
    ),
}

BEHIND: Mapping[Role, re.Pattern[str]] = {
    Role.BLOCKED: _behind(
        rf"\s?\(?{_DASH}/{_DASH}|{_DASH}?(?:null|deficient|knock-?out|KO)\b|[-‐–\s]"
        r"(?:neutrali[sz](?:ation|ing)|block(?:ade|ers?|ing)|inhibit(?:ion|ors?|ing)|"
        r"antagonis(?:ts?|m)|depletion|deficiency|deletion|ablation|knock-?(?:down|out)|"
        r"silencing|siRNAs?|shRNAs?|antibod(?:y|ies)|mAbs?|traps?|antisense)\b|"
        r"\s(?:was|were)\s(?:neutrali[sz]ed|blocked|depleted|silenced|deleted|knocked)"
    ),
    Role.PRODUCED: _behind(
        r"\)?,?\s(?:(?:is|are|was|were|so)\s)?(?:secreted|produced|released|made|synthesi[sz]ed|"
        r"elaborated|derived)\s(?:\w+ly\s)?(?:by|from|in)\b|\sfrom\s(?:[\w+-]+\s){0,3}(?:cells|macrophages|monocytes|fibroblasts|neutrophils|"
        r"tumou?rs?|stroma|lymphocytes|platelets|adipocytes|astrocytes|microglia)\b"
    ),
    Role.MEASURED: _behind(
        r"\s(?:mRNA\s|protein\s|gene\s)?(?:levels?|concentrations?|expression|titers?|positivity|"
        r"staining|immunoreactivity|transcripts?|signature|polymorphisms?|genotypes?)\b|"
        r"\s(?:was|were)\s(?:measured|detected|quantified|assayed)"
    ),
    Role.GIVEN: _behind(
        r"[-‐–\s](?:(?:pre)?treatment|(?:mono|immuno)?therapy|(?:co-?)?(?:administration|"
        r"injections?|infusions?)|gene\stherapy|vaccines?|vaccination|plasmids?|(?:pre)?treated|based|"
        r"conditioned|primed|exposed|stimulated|activated|expanded|"
        r"supplementation|stimulation|exposure|recipients|arms?|groups?|doses?|priming|"
        r"regimens?|schedules?|maintenance|mRNA|cDNA|electroporation|fusion|immunocytokine)\b|"
        r"\s(?:alone|by\sitself|singly)\b|\s(?:was|were)\s(?:co-?)?(?:given|administered|injected|infused|added|delivered|started|"
        r"(?:well\s)?tolerated)"
    ),
}

DRUG_NAME = re.compile(
    r"^(?:r(?:h|m|r|Hu|Mu|met)?(?=[-\s]?(?:IL|IFN|TNF|G-?C|GM|M-?C|Flt|FLT|interleukin|EPO|VEGF))|"
    r"PEG|peg)|(?i:grastim|gramostim|(?<!inter)leukin\b|lvekin|poetin|fermin|plermin|"
    r"\balfa\b|(?:alfa|alpha|α)[-\s]?(?:2[abc]|n1)\b|alfa-?\d|"
    r"\b(?:gamma|beta)-?1[ab]\b|recombinant)|-Fc\b|\bFc-"
)
"""Names of the drug, not of the body's own cytokine."""

BLOCKING_NAME = re.compile(
    r"\banti[-‐–\s]?(?:IL|interleukin|IFN|interferon|TNF|TGF|VEGF|GM?-?CSF|M-CSF|LIF|RANKL|CCL|"
    r"CXCL|MCP|MIF|EGF\b|HGF)[-\w/αβγ]*|\b(?:IL|interleukin|TNF|TGF|VEGF|CCL|CXCL|IFN)[-\w/αβγ\s]*?"
    r"[\s-](?:inhibitors?|blockade|blockers?|neutrali[sz]\w+|antagonists?|traps?|antibod(?:y|ies)|"
    r"siRNA|shRNA|knock-?down|silencing)\b",
    re.IGNORECASE,
)
"""Names of therapies that say which cytokine they block."""

LIST = re.compile(r"\s?(?:,|/|and|or|plus|,\s?and|,\s?or|\+)\s?|\s?\(", _FLAGS)
"""What parts the items of a list, or a name and its abbreviation."""

CARRIED = re.compile(r"\s?\([A-Za-z][\w\s‐–-]{0,20}\)")
"""An abbreviation behind the name, over which the signs are looked for."""

CAUSING = re.compile(
    r"[-‐–\s](?:induced|mediated|dependent|stimulated|triggered|"
    r"evoked|elicited|related|associated|driven)\b",
    _FLAGS,
)
"""What makes of a cytokine in an outcome's name its cause: "interferon-induced depression"."""
