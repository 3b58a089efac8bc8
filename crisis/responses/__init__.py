"""From an approved playbook to an answer: which one fits (``suggest``), what people fill in
(``blanks``), how long it may be (``limits``), and who may let it out (``release``).

Pure rules. Sends nothing: see ``channels`` and the workflows.
"""
