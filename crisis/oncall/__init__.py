"""Who is on call now, who is next, and where the holes are: see ``rota``.

Pure. Does not send anything (``alerts``), keep shifts (``store``) or say when the next person is asked
(``alerts.escalation``).
"""
