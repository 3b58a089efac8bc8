"""Klarstellung: notice a false rumour early, answer it fast and trustworthily.

The flow goes one way; each verb is one file in ``crisis/workflows/``::

    Source --watch--> Post --triage--> Match --> Incident --> Alert --deliver--> the person on call
                                                    |
                                                    +--respond--> Response --publish--> Channel
                                people --handle-----+          every change --> audit log

Read next: ``types`` (the nouns), ``interfaces`` (the seams), ``workflows`` (the order of things),
``wiring`` (what is plugged in); the head of each package is its map. Importing this
package loads nothing else, Flask least of all.
"""

__version__ = "0.1.0"
