"""What we may say and do: playbooks are Markdown files that people prepare in quiet times.

``parse`` reads one, ``check`` lists everything that is wrong with it, ``approval`` says whether it may
be used, ``render`` turns its Markdown into safe HTML or plain text, ``blanks`` and ``limits`` know what
is left open and how long an answer may be. Only ``folder`` touches the disk.
"""
