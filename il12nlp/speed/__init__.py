"""How fast this machine annotates, beside what other tools and the machine itself could do.

stages     il12nlp end to end, its encoder alone, and what each stage takes
rivals     named entities by `transformers.pipeline` and by spaCy's CNN, over the same texts
compare    all of them in turn, several times, and their ratios
"""
