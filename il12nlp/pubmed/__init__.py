"""PubMed: fetching abstracts, and giving stand-off annotations their text back."""
