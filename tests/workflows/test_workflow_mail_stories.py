"""Nights of a small authority as a table: what happens, and then exactly these mails and no other.

Ana is on duty, Eve comes after her, Vera keeps the people; somebody is asked every ten minutes. What the
sentences mean stands in ``mail_story.Night``.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from mail_story import Night, post_office
from post_office import Counter

from crisis.store import Store

STORIES = {
    # --- nobody, somebody, somebody at the last moment ---------------------------------------
    "nobody answers: three rounds, then an end": (
        "rumour; wait 120",
        (
            "0 ana raised, 10 eve escalated, 20 vera escalated, 30 ana escalated, 40 eve escalated,"
            " 50 vera escalated, 60 ana escalated, 70 eve escalated, 80 vera escalated"
        ),
    ),
    "ana takes it before anybody else is asked": (
        "rumour; wait 5; ana takes; wait 20",
        "0 ana raised",
    ),
    "eve takes it, and ana learns who has it, once": (
        "rumour; wait 12; eve takes; wait 15",
        "0 ana raised, 10 eve escalated, 12 ana taken",
    ),
    "chloé takes it on the desk, and both learn it": (
        "rumour; wait 12; chloe takes; wait 15",
        "0 ana raised, 10 eve escalated, 12 ana taken, 12 eve taken",
    ),
    "somebody takes it while the mail is in hand": (
        "quietly; chloe takes_while_sending; wait 10",
        "",
    ),
    "somebody takes it while the next one's mail is in hand": (
        "rumour; wait 9; ana takes_while_sending; wait 20",
        "0 ana raised",
    ),
    "taken and dropped at once: the one who was asked learns the end only": (
        "rumour; wait 1; chloe dismisses; wait 20",
        "0 ana raised, 1 ana taken",
    ),
    "who ends it is not told that they did": (
        "rumour; wait 1; ana dismisses; wait 20",
        "0 ana raised",
    ),
    # --- I can't ------------------------------------------------------------------------------
    "ana cannot, eve is asked at once": (
        "rumour; wait 2; ana cannot; wait 5; eve takes; wait 5",
        "0 ana raised, 2 eve escalated, 7 ana taken",
    ),
    "ana cannot before her mail went out: only eve is asked": (
        "quietly; ana cannot; wait 5; eve takes; wait 5",
        "0 eve raised",
    ),
    "both cannot: whoever is left is asked, again and again": (
        "rumour urgent; wait 1; ana cannot; wait 1; eve cannot; wait 98",
        (
            "0 ana raised, 1 eve escalated, 2 vera escalated, 12 vera escalated, 22 vera escalated,"
            " 82 vera escalated"
        ),
    ),
    "cannot counts for one incident, not for the next": (
        "rumour; ana cannot; wait 1; eve takes; wait 1; rumour; wait 5",
        "0 ana raised, 0 eve escalated, 1 ana taken, 2 ana raised",
    ),
    # --- taken, and nothing happens ----------------------------------------------------------
    "ana takes it and falls asleep: reminded, then handed back": (
        "rumour; wait 5; ana takes; wait 65; eve takes; wait 1",
        "0 ana raised, 35 ana still, 65 eve escalated, 70 ana taken",
    ),
    "a note is enough": (
        "rumour; wait 5; ana takes; wait 31; ana notes; wait 28",
        "0 ana raised, 35 ana still",
    ),
    "a note, and then nothing again": (
        "rumour; ana takes; wait 31; ana notes; wait 31",
        "0 ana raised, 30 ana still, 61 ana still",
    ),
    "handed back and taken again: reminded again": (
        "rumour; ana takes; wait 60; ana takes; wait 31",
        "0 ana raised, 30 ana still, 60 eve escalated, 60 eve taken, 90 ana still",
    ),
    # --- the mail server ----------------------------------------------------------------------
    "down for an hour: everybody once, when it is back": (
        "smtp down; rumour; wait 60; smtp up; wait 5; ana takes; wait 1",
        "61 ana escalated, 61 eve escalated, 61 vera escalated, 65 eve taken, 65 vera taken",
    ),
    "taken while the server is down: no call goes out afterwards": (
        "smtp down; rumour; wait 3; ana takes; wait 10; smtp up; wait 15",
        "",
    ),
    "taken between two tries": (
        "smtp 451; rumour; chloe takes; wait 10",
        "",
    ),
    "a hiccup costs a minute": (
        "smtp 451; rumour; wait 5",
        "1 ana raised",
    ),
    "an address that is refused: the next one at once, and vera is told": (
        "smtp 550; rumour; wait 8",
        "1 vera unreachable, 1 eve escalated",
    ),
    "who was refused is asked last the next time": (
        "smtp 550; rumour; wait 1; eve takes; wait 1; rumour; wait 5",
        "1 vera unreachable, 1 eve escalated, 2 eve raised",
    ),
    "a confirmed test mail brings them back": (
        "smtp 550; rumour; wait 1; eve takes; ana confirms; wait 1; rumour; wait 5",
        "1 vera unreachable, 1 eve escalated, 2 ana raised",
    ),
    "a mail that is refused for its content is no fault of the address": (
        "refuses DATA 554; rumour; wait 5",
        "1 eve escalated",
    ),
    "relaying denied is ours to mend, and nobody's address": (
        "smtp 550_5.7.1; rumour; wait 2",
        "1 ana raised",
    ),
    # --- what comes back ----------------------------------------------------------------------
    "a bounce: the next one at once, and vera is told": (
        "rumour; wait 2; ana bounces; wait 5",
        "0 ana raised, 2 eve escalated, 2 vera unreachable",
    ),
    "the same bounce twice is told once": (
        "rumour; wait 2; ana bounces; wait 1; ana bounces; wait 1",
        "0 ana raised, 2 eve escalated, 2 vera unreachable",
    ),
    "a holiday notice changes nothing": (
        "rumour; wait 2; ana is_away; wait 9",
        "0 ana raised, 10 eve escalated",
    ),
    "a reply is a note and takes nothing": (
        "ana confirms; rumour; wait 2; ana replies Ich sehe nach; wait 9",
        "0 ana raised, 10 eve escalated",
    ),
    "a reply keeps an incident alive": (
        "ana confirms; rumour; ana takes; wait 29; ana replies Bin dran; wait 20",
        "0 ana raised",
    ),
    # --- restarts, workers, clocks ------------------------------------------------------------
    "a restart before the mail went out": (
        "quietly; restart; wait 5",
        "1 ana raised",
    ),
    "a restart between call and escalation": (
        "rumour; wait 9; restart; wait 5",
        "0 ana raised, 10 eve escalated",
    ),
    "a restart after it was taken": (
        "rumour; wait 12; eve takes; restart; wait 10",
        "0 ana raised, 10 eve escalated, 12 ana taken",
    ),
    "a worker that dies with mails in hand: another one after 90 seconds": (
        "quietly; claimed; wait 5",
        "2 ana raised",
    ),
    "two workers send it once": (
        "quietly; twice; wait 3",
        "0 ana raised",
    ),
    "two workers, many mails: each once": (
        "quietly; quietly; twice; wait 3",
        "0 ana raised, 0 ana raised",
    ),
    "the clock jumps an hour ahead: the next one is asked, nobody twice": (
        "rumour; clock 60; wait 3",
        "0 ana raised, 60 eve escalated",
    ),
    "the clock jumps back: nobody is asked early": (
        "rumour; wait 5; clock -60; wait 30",
        "0 ana raised",
    ),
    # --- storms -------------------------------------------------------------------------------
    "two at once are two mails": (
        "quietly; quietly; wait 1",
        "1 ana raised, 1 ana raised",
    ),
    "three at once are one": (
        "storm 3; wait 1; ana takes all; wait 3",
        "0 ana bundle",
    ),
    "500 at once are a handful of mails": (
        "storm 500; wait 2",
        "0 ana bundle",
    ),
    "one after the other: five, then one for all": (
        "rumour; rumour; rumour; rumour; rumour; rumour; wait 3; rumour; wait 6; rumour; wait 1",
        (
            "0 ana raised, 0 ana raised, 0 ana raised, 0 ana raised, 0 ana raised, 10 ana bundle,"
            " 10 eve bundle"
        ),
    ),
    "an urgent one is never held back": (
        "rumour; rumour; rumour; rumour; rumour; rumour urgent; wait 1",
        "0 ana raised, 0 ana raised, 0 ana raised, 0 ana raised, 0 ana raised, 0 ana raised",
    ),
    "twenty taken at once: the others get one mail": (
        "storm 20; wait 11; ana takes all; wait 3",
        "0 ana bundle, 10 eve bundle, 11 eve bundle",
    ),
    # --- maintenance --------------------------------------------------------------------------
    "held back, told afterwards": (
        "maintain 30; rumour; wait 29; wait 2",
        "30 ana raised, 30 vera held",
    ),
    "many held back: one mail afterwards": (
        "maintain 30; rumour; rumour; rumour; wait 30",
        "30 ana bundle, 30 vera held",
    ),
    "what may not wait is told": (
        "maintain 30; rumour urgent; wait 5",
        "0 ana raised",
    ),
    "what becomes urgent is told": (
        "maintain 30; rumour high; wait 5; grows urgent; wait 1",
        "5 ana raised",
    ),
    "ended early: told at once": (
        "maintain 30; rumour; wait 5; resume; wait 1",
        "5 ana raised, 5 vera held",
    ),
    "what was known before waits for its answer": (
        "rumour; wait 5; maintain 30; wait 29; wait 2",
        "0 ana raised, 35 eve escalated",
    ),
    "ended while held back: nobody is called, the summary names it": (
        "maintain 30; rumour; wait 5; chloe dismisses; wait 30",
        "30 vera held",
    ),
    "nothing was held back: no summary": (
        "maintain 30; wait 35; rumour",
        "35 ana raised",
    ),
    "the summary comes once, whatever restarts": (
        "maintain 10; rumour; wait 10; restart; wait 1; restart; wait 5",
        "10 ana raised, 10 vera held",
    ),
    # --- quiet hours of a person --------------------------------------------------------------
    "ana wants quiet: eve is asked first": (
        "ana quiet 12:00-15:00; rumour; wait 5",
        "0 eve raised",
    ),
    "ana wants quiet, but it is urgent": (
        "ana quiet 12:00-15:00; rumour urgent; wait 5",
        "0 ana raised",
    ),
    "everybody wants quiet: somebody is asked all the same": (
        "ana quiet 12:00-15:00; eve quiet 12:00-15:00; vera quiet 12:00-15:00; rumour; wait 12",
        "0 ana raised, 10 eve escalated",
    ),
    "quiet at night does not matter at noon": (
        "ana quiet 22:00-06:00; rumour; wait 5",
        "0 ana raised",
    ),
    # --- growing ------------------------------------------------------------------------------
    "it gets worse before anybody has read of it: one mail": (
        "quietly high; grows urgent; wait 1",
        "0 ana raised",
    ),
    "it gets worse: the one who has it hears it": (
        "rumour high; ana takes; wait 5; grows urgent; wait 5",
        "0 ana raised, 5 ana worse",
    ),
    "an urgent one is never given up": (
        "rumour urgent; wait 145",
        (
            "0 ana raised, 10 eve escalated, 20 vera escalated, 30 ana escalated, 40 eve escalated,"
            " 50 vera escalated, 60 ana escalated, 70 eve escalated, 80 vera escalated,"
            " 140 ana escalated"
        ),
    ),
}


@pytest.fixture(scope="module")
def office() -> Iterator[tuple[Counter, int]]:
    with post_office() as opened:
        yield opened


@pytest.fixture
def night(store: Store, office: tuple[Counter, int]) -> Night:
    return Night(store, *office)


@pytest.mark.parametrize("story", list(STORIES))
def test_exactly_these_mails_and_no_other(night: Night, story: str) -> None:
    happens, mails = STORIES[story]
    expected = [line.strip() for line in mails.split(",") if line.strip()]
    assert sorted(night.tells(happens)) == sorted(expected)
    assert night.nobody_is_paged_for_what_is_taken()
