"""How much of a feed we take. One place, because reading, worker and documentation must agree.

Holds numbers only; ``docs/reference/sources.md`` explains them to people.
"""

MAX_BYTES = 5_000_000  # of one feed, unpacked; the settings may say otherwise
MAX_POSTS = 2_000  # newest of one feed; real ones carry 10 to 200
MAX_TEXT = 20_000  # characters of one post; matching reads no further either
MAX_MARKUP = 10 * MAX_TEXT  # characters of HTML looked at for one post
MAX_ALL_TEXT = 5_000_000  # characters of all posts of one feed together
MAX_DEPTH = 200  # elements inside each other; real feeds stay below 40
MAX_KEY = 2_000  # characters of a post's key or address
MAX_NAME = 200  # characters of an author's or a feed's name
