"""WHAT TO TELL THE CRISIS STAFF: a report of one incident or of some hours, and the handover of a shift.

``situation``: the facts a report is made of. ``compose`` and ``handover`` put them into a ``document``: words
and tables, no layout. ``markdown`` writes it as text, ``typeset`` as an accessible PDF (an edge: it reads the
template and fonts); the desk shows the same document as a page. Authors of posts never appear, and staff by
initials unless names are asked for.
"""
