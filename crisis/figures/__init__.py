"""HOW FAST AND HOW RIGHT WE ARE: figures from what happened, called by what they are.

``courses``: an incident's waves and when each step was reached. ``spans``: how long steps took, with those
still open. ``overview``: figures of a period, by week, source, topic and severity. Pure: reads no database
and knows no page.
"""
