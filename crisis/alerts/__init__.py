"""Telling the person on call: what a mail says (``compose``), how it looks (``layout``), how it is packed
(``message``), who is asked next (``escalation``), when it is tried again (``retry``), and how it leaves
(``smtp``, ``outbox_folder``: the two edges).

Does not know who is on call (``oncall``), keep mails (``store``) or decide when to tell (``workflows``).
"""
