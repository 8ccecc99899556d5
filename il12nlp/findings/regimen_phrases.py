"""The phrases of a text that name a route or a dose: "intratumoral", "i.v.", "10 µg/kg daily"."""

from __future__ import annotations

import re

from il12nlp.document import Span

_ROUTE_WORDS = (
    r"intra(?:tumou?r|ven|peritone|muscul|derm|nas|vesic|arteri|thec|crani|cerebr|pleur|nod|"
    r"lesion|lymphat|hepat|trache|gastr|ventricul|cavit)(?:al|ous|ar|ic|ary)(?:ly)?",
    r"peri(?:tumou?r|lesion|neur)al(?:ly)?",
    *(r"subcutaneous(?:ly)?", r"percutaneous(?:ly)?", r"parenteral(?:ly)?"),
    *(r"oral(?:ly)?", r"topical(?:ly)?", r"systemic(?:ally)?", "inhaled", "aerosoli[sz]ed"),
)
_ROUTE_REST = "|".join(f"(?<={word[0]}){word[1:]}" for word in _ROUTE_WORDS)
ROUTE = re.compile(
    # The first letter comes before what must not stand before it: a text is soon searched for it.
    rf"(?-i:[aiopstAIOPST])(?<!\w.)(?:(?:{_ROUTE_REST})\b|"
    r"(?<!\..)(?:(?<=i)\.\s?[cdmnoptv]|(?<=s)\.\s?c|(?<=p)\.\s?[ot])\.|"
    r"(?<!stage\s.)(?<!grade\s.)(?<!phase\s.)(?<!type\s.)(?:(?<=i)[vmp]|(?<=s)c)\b(?!-\d))",
    re.IGNORECASE,
)
_POWER = r"(?:\s?\^\s?\d+|\(\d+\)|[⁰¹²³⁴-⁹]+)?"
_REST_OF_NUMBER = (
    rf"[\d,.]*(?:\s000(?!\d))*{_POWER}(?:\s?[×xX]\s?(?:10\s\d(?!\d)|\d[\d,.]*{_POWER}))?"
)
"""Further digits: "600 000", "3 × 10(6)", or "3 x 10 6" where its superscript was lost."""
_NUMBER = rf"\d{_REST_OF_NUMBER}"
_UNIT = (
    r"(?:µg|μg|ug|mcg|mg|ng|g|kU|MIU|MU|mIU|IU|U|[µμn]M|c?Gy|(?i:[pc]fu)|vp|units?|micrograms?|"
    r"milligrams?|million\s(?:I?U|(?:international\s)?units)|"
    r"viral\sparticles|plaque[- ]forming\sunits)"
)
_PER = (
    r"(?:\s?(?:/|per)\s?(?:kilogram|kg|square\smet(?:er|re)|m\(2\)|m\^?[2²]|m[lL]|(?<=mg/)[lL]|"
    r"mouse|animal|patient|dose|injection|day|week|hour|min|d|hr?)(?!\w)|"
    r"[\s·](?:kg|m|m[lL]|day|d|h|min)(?:\([-–−][12]\)|\s?\^?[-–−⁻][12¹²])(?!\w))*"
)
"""What an amount is given for: "/kg/day", "kg-1 day-1"."""
_TIMES = (
    r"(?:\s(?:once|twice|three\stimes)\s(?:daily|weekly|a\s(?:day|week))|\s(?:daily|weekly)\b|"
    r"\s?×\s?\d+(?!\s?10)(?:\s(?:days|weeks|doses))?)?"
)
DOSE = re.compile(
    # The digit comes before what must not stand before it: a text is soon searched for a digit.
    rf"\d(?<![\w.^-]\d){_REST_OF_NUMBER}"
    rf"(?:(?:\s?[-–]\s?|/|\sto\s|\sor\s|\sand\s|,\s(?:or\s|and\s)?){_NUMBER})*"
    rf"[\s-]?{_UNIT}(?![\w]){_PER}(?!/){_TIMES}"
)
DOSE_WORDS = re.compile(
    r"\b(?:low|high|intermediate|standard|reduced|full)[-\s]doses?\b", re.IGNORECASE
)
_MEASURED = re.compile(
    r"(?:±|\+/-)\s?$|\b(?:mean|median)\s(?:of\s)?$|"
    r"\b(?:secret|releas|produc|contain)\w*(?:\sbetween|\sabout|\sup\sto|,?\srespectively,)*\s$|"
    r"\bcontain\w*\s(?:\S+\s){1,5}at\s$|"
    r"(?<!dose\s)\blevels?\s(?:\w+\s){0,3}(?:of|was|were|above|below|reached|averaged)\s[<>≤≥]?\s?$|"
    r"\b(?:peaked|averaged|exceeded)\s(?:at\s)?$|"
    r"\b(?:serum|sera|plasma|supernatants?)\s(?:\w+\s){0,2}(?:held|had|showed)\s$|"
    r"\b(?:rose|fell|dropped|declined)\s(?:\w+\s){0,3}(?:from|to)\s$|"
    r"\b(?:[IE]C\(?50\)?|(?:peak|plasma|serum)\s(?:concentrations?|levels?))\s[^.;,]{0,40}"
    r"\b(?:was|were|of)\s$",
    re.IGNORECASE,
)
"""What stands before an amount that was measured, not given: "secreted 3 ng of IL-12"."""
_LOOK_BACK = 70
"""Characters that this may take."""
_YIELD = re.compile(
    r"[^.;,()]{0,30}(?:/|\sper\s)\s?(?:mg|g|gram|10[\^(])|"
    r"(?:\sof\s\S+)?\s(?:was|were)\s(?:found|detected|measured)\b"
)
"""What stands behind one: "of IL-12 per mg tissue"."""
_FORMS = {
    "i.v.": "intravenous",
    "iv": "intravenous",
    "i.p.": "intraperitoneal",
    "ip": "intraperitoneal",
    "s.c.": "subcutaneous",
    "sc": "subcutaneous",
    "i.m.": "intramuscular",
    "im": "intramuscular",
    "i.t.": "intratumoral",
    "i.d.": "intradermal",
    "i.n.": "intranasal",
    "p.o.": "oral",
    "systemically": "systemic",
}


def routes_in(text: str) -> list[Span]:
    """The phrases of a text that name a route, in its order."""
    return [Span(*found.span()) for found in ROUTE.finditer(text)]


def doses_in(text: str) -> list[Span]:
    """The phrases of a text that give a dose, in its order."""
    amounts = (Span(*found.span()) for found in DOSE.finditer(text))
    spans = [span for span in amounts if not _measured(text, span)]
    if "dose" in text.lower():
        spans += [Span(*found.span()) for found in DOSE_WORDS.finditer(text)]
        spans.sort(key=lambda span: span.start)
    return spans


def _measured(text: str, amount: Span) -> bool:
    """Whether an amount was found in a sample rather than given."""
    before = text[max(0, amount.start - _LOOK_BACK) : amount.start]
    return bool(_MEASURED.search(before) or _YIELD.match(text, amount.end))


def route_name(phrase: str) -> str:
    """One name for the forms of a route: "i.v." and "intravenously" are "intravenous"."""
    lowered = phrase.lower().replace(" ", "").replace("tumour", "tumor")
    return _FORMS.get(lowered, lowered.removesuffix("ly"))
