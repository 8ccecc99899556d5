"""What immunologists call a cytokine that nomenclature calls by the symbol of its gene."""

from __future__ import annotations

import re

_OTHERS = {
    "ADIPOQ": "adiponectin",
    "AIMP1": "EMAP-II",
    "ANGPT1": "angiopoietin-1",
    "ANGPT2": "angiopoietin-2",
    "ANGPT4": "angiopoietin-4",
    "AREG": "amphiregulin",
    "ARTN": "artemin",
    "BTC": "betacellulin",
    "C17orf99": "IL-40",
    "CCN2": "CTGF",
    "CD40LG": "CD40L",
    "CLEC11A": "SCGF",
    "CNMD": "chondromodulin",
    "CSF1": "M-CSF",
    "CSF2": "GM-CSF",
    "CSF3": "G-CSF",
    "CTF1": "cardiotrophin-1",
    "CXCL8": "IL-8",
    "EPGN": "epigen",
    "EREG": "epiregulin",
    "FASLG": "FasL",
    "FLT3LG": "Flt3L",
    "GH1": "growth hormone",
    "GRN": "progranulin",
    "HBEGF": "HB-EGF",
    "IFNB1": "IFN-β",
    "IFNW1": "IFN-ω",
    "IL12A": "IL-12p35",
    "IL12B": "IL-12p40",
    "IL1F10": "IL-38",
    "IL1RN": "IL-1Ra",
    "IL23A": "IL-23p19",
    # IL-27 is the heterodimer, which this is a subunit of.
    "IL27": "IL-27p28",
    "IL36RN": "IL-36Ra",
    "KITLG": "SCF",
    "LEP": "leptin",
    "LGALS1": "galectin-1",
    "LGALS3": "galectin-3",
    "LGALS9": "galectin-9",
    "LTA": "LT-α",
    "LTB": "LT-β",
    "MDK": "midkine",
    # As MST1 a kinase of another gene (STK4) is better known.
    "MST1": "macrophage-stimulating protein",
    "MSTN": "myostatin",
    "NRTN": "neurturin",
    "NTF3": "NT-3",
    "NTF4": "NT-4",
    "PGF": "PlGF",
    "PPBP": "CXCL7",
    "PF4V1": "CXCL4L1",
    "PRL": "prolactin",
    "PSPN": "persephin",
    "PTN": "pleiotrophin",
    "RARRES2": "chemerin",
    "RETN": "resistin",
    "SPP1": "osteopontin",
    "TDGF1": "Cripto-1",
    "THPO": "thrombopoietin",
    "TNF": "TNF-α",
    "TNFRSF11B": "osteoprotegerin",
    "TNFSF10": "TRAIL",
    "TNFSF11": "RANKL",
    "TNFSF12": "TWEAK",
    "TNFSF13": "APRIL",
    "TNFSF13B": "BAFF",
    "TNFSF14": "LIGHT",
    "TNFSF15": "TL1A",
    "TNFSF18": "GITRL",
    "TNFSF4": "OX40L",
    "TNFSF8": "CD30L",
    "TNFSF9": "4-1BBL",
    "TXLNA": "IL-14",
}
_SYMBOLS = {usual: symbol for symbol, usual in _OTHERS.items()}
_LETTERED = re.compile(r"^(IL1|IL36|IFN|TGF)([ABEGKL])(?=\d*$)")
"""Families whose members have a Greek letter where the symbol has a Latin one."""
_FAMILY = re.compile(r"^(IL|IFN|TGF|VEGF|PDGF|IGF)(?=\d|[α-ω]\d*$|[A-D]$)")
_HYPHENED = re.compile(r"^(IL|IFN|TGF|VEGF|PDGF|IGF)-")
_GREEK = str.maketrans("ABEGKL", "αβεγκλ")
_LATIN = str.maketrans("αβεγκλ", "ABEGKL")


def usual_name(symbol: str) -> str:
    """The name that papers give the protein of an HGNC symbol; the symbol where that is usual.

    >>> usual_name("IL1B"), usual_name("IFNA2"), usual_name("CSF2"), usual_name("CXCL10")
    ('IL-1β', 'IFN-α2', 'GM-CSF', 'CXCL10')
    """
    if symbol in _OTHERS:
        return _OTHERS[symbol]
    lettered = _LETTERED.sub(lambda m: m[1] + m[2].translate(_GREEK), symbol)
    return _FAMILY.sub(r"\1-", lettered)


def symbol_of(name: str) -> str:
    """The HGNC symbol that has this usual name; any other name as it is.

    >>> symbol_of("IL-1β"), symbol_of("GM-CSF"), symbol_of("CXCL10")
    ('IL1B', 'CSF2', 'CXCL10')
    """
    symbol = _SYMBOLS.get(name) or _HYPHENED.sub(r"\1", name).translate(_LATIN)
    return symbol if usual_name(symbol) == name else name
