"""The order of things: load, ask a room, save. One file a verb of the flow.

Owns no rule of the trade (the rooms do) and knows neither SQL nor Flask nor the clock: the world comes in
through ``interfaces``, the time as ``now``. Every change and its audit entry share one transaction.
"""
