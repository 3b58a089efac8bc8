"""A made-up town with years of made-up rumours, to look at a full desk and to measure one.

``phrases`` holds the words, ``plan`` what there shall be, ``making`` puts it together. All of it is invented
by us; nobody ever wrote these posts. Stores nothing: see ``workflows.furnish``.
"""
