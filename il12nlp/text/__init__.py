"""Sentences, abbreviations and the folding of typographic variants."""
