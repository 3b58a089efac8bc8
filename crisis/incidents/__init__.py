"""What a match means: whether an incident opens (``decide``), how urgent it is (``severity``), and how it
may move (``lifecycle``).

Pure. Does not compare texts (``matching``), keep anything (``store``) or tell anybody (``alerts``).
"""
