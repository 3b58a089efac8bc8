"""THE CATALOGUE: what a good entry is, and how entries travel between programs.

``entry`` says what can be taken, ``quality`` what would make an entry better (in the words of ``advice``),
``history`` what became of it, ``union`` what two entries make together;
``exchange`` reads and writes CSV and JSON lines. Does not keep the catalogue (``store.rumours``) and
compares no posts (``matching``).
"""
