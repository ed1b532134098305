"""The four outcomes, by example; each case tells why it matters."""

import pytest

from schemas.reasons import DedupeReason, Outcome

OTHER_INCIDENT = {
    "Tal Afar": "Baquba",
    "Nineveh": "Diyala",
    "Sinjar": "Khalis",
    "Mahmoud Al-Jubouri": "Hassan Karim",
    "four": "nine",
    "11": "23",
}
UNRELATED = (
    "The finance ministry published its budget for the coming year, which raises spending on schools and roads. "
    "Members of the opposition said the plan rests on an oil price that few traders expect to last. A vote in parliament "
    "is planned before the summer recess, and a committee will hear economists from three universities first."
)


def swapped(text, changes):
    for old, new in changes.items():
        text = text.replace(old, new)
    return text


CASES = [
    (
        "the same address with tracking is the same article",
        {"url": "https://www.wire-a.example/story/1/?utm_source=rss#top"},
        {},
        Outcome.EXACT,
        DedupeReason.SAME_ADDRESS_SAME_TEXT,
    ),
    (
        "one outlet's same text at another address says nothing new",
        {"url": "https://wire-a.example/world/77"},
        {},
        Outcome.EXACT,
        DedupeReason.SAME_OUTLET_SAME_TEXT,
    ),
    (
        "the same text at another outlet is a copy, not a second source",
        {"source": "Daily B", "url": "https://b.example/1"},
        {},
        Outcome.COPY,
        DedupeReason.SAME_TEXT_OTHER_OUTLET,
    ),
    (
        "another toll at another outlet goes on as a copy with changed facts",
        {"source": "Daily B", "url": "https://b.example/1"},
        {"four": "six"},
        Outcome.COPY,
        DedupeReason.SAME_TEXT_OTHER_FIGURES,
    ),
    (
        "another toll at the same address is a revision",
        {"url": "https://wire-a.example/story/1"},
        {"four": "six"},
        Outcome.REVISION,
        DedupeReason.SAME_ADDRESS_CHANGED_TEXT,
    ),
    (
        "another incident told in the same words is new",
        {"source": "Daily B", "url": "https://b.example/2"},
        OTHER_INCIDENT,
        Outcome.NEW,
        DedupeReason.OTHER_NAMES_OR_PLACES,
    ),
    (
        "one place alone that is another is another incident",
        {"source": "Daily B", "url": "https://b.example/3"},
        {"Tal Afar": "Baquba"},
        Outcome.NEW,
        DedupeReason.OTHER_NAMES_OR_PLACES,
    ),
    (
        "so it is at the same outlet",
        {"url": "https://wire-a.example/story/2"},
        OTHER_INCIDENT,
        Outcome.NEW,
        DedupeReason.OTHER_NAMES_OR_PLACES,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=[c[0] for c in CASES])
def test_outcome(bench, make, text, case):
    _, fields, changes, outcome, reason = case
    first = bench(make(1))
    title = swapped("Car bomb kills four in Tal Afar market", changes)
    second = bench(make(2, text=swapped(text, changes), title=title, **fields))
    assert (second.outcome, second.reason) == (outcome, reason)
    assert (second.cluster_id == first.cluster_id) is (outcome is not Outcome.NEW)
    assert second.duplicate_of == (None if outcome is Outcome.NEW else "a1")
    assert second.changed_facts is (bool(changes) and outcome is not Outcome.NEW)


def test_the_first_outlet_of_a_wire_text_stays_its_origin(bench, make):
    """A copy of a copy still names the outlet that had the text first, so that it never counts as a source."""
    bench(make(1))
    bench(make(2, source="Daily B", url="https://b.example/1"))
    third = bench(make(3, source="Daily C", url="https://c.example/1"))
    assert third.origin == "Wire A"


def test_a_text_first_seen_without_an_outlet_is_of_the_next_that_has_it(bench, make):
    """An origin that is not known is kept as none: read back from the topic it would be the row's own source."""
    bench(make(1, source=""))
    second = bench(make(2, source="Daily B", url="https://b.example/1"))
    assert (second.outcome, second.origin) == (Outcome.COPY, "Daily B")


def test_a_text_changed_back_is_a_revision_again(bench, make, text):
    """A toll corrected and corrected back is two changes; neither may be swallowed."""
    address = "https://wire-a.example/story/1"
    bench(make(1, url=address))
    bench(make(1, url=address, text=text.replace("four", "six")))
    back = bench(make(1, url=address))
    assert (back.outcome, back.changed_facts) == (Outcome.REVISION, True)


def test_a_toll_corrected_to_a_number_the_text_has_already_is_a_changed_fact(bench, make, text):
    """ "11 wounded" and "four killed" swapped for "four" and "four": the same figures, another toll."""
    address = "https://wire-a.example/story/1"
    bench(make(1, url=address))
    lower = bench(make(1, url=address, text=text.replace("at least 11", "at least four")))
    assert (lower.outcome, lower.changed_facts) == (Outcome.REVISION, True)
    copied = bench(
        make(2, source="Daily B", url="https://b.example/1", text=text.replace("four", "11"))
    )
    assert (copied.outcome, copied.changed_facts) == (Outcome.COPY, True)


def test_an_article_read_again_after_a_crash_gets_the_same_outcome(bench, make, text):
    """Kafka gives the raw record again; the stored outcome is sent again and nothing is judged anew."""
    first = bench(make(1), offset=10)
    copy = bench(make(2, source="Daily B", url="https://b.example/1"), offset=11)
    size = len(bench.book)
    assert bench(make(1), offset=10) == first
    assert bench(make(2, source="Daily B", url="https://b.example/1"), offset=11) == copy
    assert len(bench.book) == size


def test_an_exact_article_read_again_after_a_crash_stays_exact(bench, make, text):
    """Rows of later offsets are not looked at, although they were put before the crash."""
    address = "https://wire-a.example/story/1"
    bench(make(1, url=address), offset=1)
    assert bench(make(1, url=address), offset=2).outcome is Outcome.EXACT
    bench(make(1, url=address, text=text.replace("four", "six")), offset=3)
    assert bench(make(1, url=address), offset=2).outcome is Outcome.EXACT


def test_the_same_address_with_another_story_is_new(bench, make):
    """Some feeds link every entry to the home page."""
    bench(make(1, url="https://wire-a.example/"))
    other = make(
        2, url="https://wire-a.example/", title="Budget raises spending on roads", text=UNRELATED
    )
    found = bench(other)
    assert (found.outcome, found.reason) == (Outcome.NEW, DedupeReason.SAME_ADDRESS_OTHER_STORY)
    assert bench(make(1, url="https://wire-a.example/")).outcome is Outcome.EXACT


def test_the_same_guid_for_every_entry_swallows_none(bench, make):
    bench(make(1, guid="1"))
    found = bench(make(2, guid="1", title="Budget raises spending on roads", text=UNRELATED))
    assert found.outcome is Outcome.NEW


def test_a_guid_that_changes_with_every_poll_repeats_nothing(bench, make):
    bench(make(1, guid="1"))
    assert bench(make(1, guid="2")).outcome is Outcome.EXACT


@pytest.mark.parametrize("days", [-20_000, -400, -8, 9, 400, 60_000])
def test_a_clock_that_jumps_swallows_nothing(bench, make, text, days):
    """Another story under a wrong date is new; the same one is at most told again."""
    bench(make(1))
    found = bench(make(2, days=days, title="Budget raises spending on roads", text=UNRELATED))
    assert found.outcome is Outcome.NEW


@pytest.mark.parametrize("title", ["", "Live"])
def test_articles_without_text_are_never_joined_by_likeness(bench, make, title):
    bench(make(1, title=title, text=""))
    assert bench(make(2, title=title, text="")).outcome is Outcome.NEW


def test_two_megabytes_are_judged(bench, make, text):
    long = make(1, text=(text + "\n") * 2500)
    assert len(long.text) > 1_500_000
    assert bench(long).outcome is Outcome.NEW
    assert bench(long).outcome is Outcome.EXACT


ARABIC = (
    "قالت الشرطة إن سيارة مفخخة انفجرت صباح الثلاثاء قرب سوق مزدحم في مدينة تلعفر شمال البلاد ما أدى إلى مقتل أربعة أشخاص. "
    "وقال مصدر أمني إن السيارة كانت متوقفة أمام مخبز على الطريق المؤدي إلى مستشفى المدينة وإن القوات أغلقت المنطقة بعد الانفجار. "
    "وأضاف المصدر أن سيارات الإسعاف نقلت الجرحى إلى مستشفيات قريبة وأن التحقيق جار لمعرفة كيف مرت السيارة عبر نقاط التفتيش. "
    "ودعا محافظ نينوى محمود الجبوري السكان إلى الهدوء ووعد بمحاسبة المقصرين في حماية السوق والطرق المؤدية إليه."
)


def test_a_copy_in_a_script_without_capitals_is_found(bench, make):
    bench(make(1, text=ARABIC, title="مقتل أربعة أشخاص في تلعفر"))
    cut = ARABIC[: ARABIC.index("ودعا")]
    found = bench(
        make(
            2,
            text=cut,
            title="مقتل أربعة أشخاص في تلعفر",
            source="Daily B",
            url="https://b.example/1",
        )
    )
    assert found.outcome is Outcome.COPY


def test_where_figures_cannot_be_seen_a_copy_may_have_changed_facts(bench, make):
    """One number word that no list has, in a script without capitals: the facts must be looked at."""
    title = "مقتل أربعة أشخاص في تلعفر"
    bench(make(1, text=ARABIC, title=title))
    more = ARABIC.replace("أربعة", "تسعة")
    found = bench(make(2, text=more, title=title, source="Daily B", url="https://b.example/1"))
    assert (found.outcome, found.changed_facts) == (Outcome.COPY, True)


def test_where_names_cannot_be_seen_a_changed_text_is_new(bench, make):
    """Without capitals another place looks like any other word; in doubt the article goes on as new."""
    bench(make(1, text=ARABIC, title="مقتل أربعة أشخاص في تلعفر"))
    other = swapped(
        ARABIC,
        {
            "تلعفر": "بعقوبة",
            "نينوى": "ديالى",
            "محمود الجبوري": "حسن كريم",
            "مخبز": "مدرسة",
            "أربعة": "تسعة",
            "مستشفى المدينة": "مركز الشرطة",
        },
    )
    found = bench(
        make(
            2,
            text=other,
            title="مقتل تسعة أشخاص في بعقوبة",
            source="Daily B",
            url="https://b.example/1",
        )
    )
    assert found.outcome is Outcome.NEW


def test_two_articles_of_unknown_outlets_are_not_of_one_outlet(bench, make):
    """Without source and address the same text goes on as a copy: it may be another outlet's."""
    bench(make(1, source="unknown", url="-"))
    found = bench(make(2, source="unknown", url="-"))
    assert found.reason is DedupeReason.SAME_TEXT_OTHER_OUTLET


WALL = (
    "Log in to go on reading or create a free account with your e-mail address and a password of your own.\n"
    "Readers who take out a subscription see every page of the paper, the archive and the crossword without limits.\n"
    "We send the best of the week to your inbox on Saturday morning; you can leave the list whenever you like.\n"
    "By going on you agree to our terms of use and to the way in which we and our partners use your data.\n"
    "Have you forgotten your password, or is this the first time that you use the service on this device?\n"
)


def test_a_login_wall_joins_no_stories(bench, make):
    """What was extracted of three pages of one outlet is its login wall: three stories, none lost."""
    titles = [
        "Car bomb kills four in Tal Afar",
        "Budget raises spending on roads",
        "Floods cut off villages",
        "Strike at the port ends",
    ]
    for number, title in enumerate(titles):
        found = bench(
            make(number, title=title, text=WALL, url=f"https://wire-a.example/story/{number}")
        )
        assert found.outcome is Outcome.NEW


def test_what_one_outlet_repeats_is_no_likeness(bench, make, text):
    """Furniture around a text must not hide that the texts differ, nor that they are one."""
    for number in range(4):
        bench(
            make(
                number,
                title=f"Story {number} of the day",
                text=f"{UNRELATED[number * 60 :]}\n{WALL}",
            )
        )
    bench(make(8))
    copy = bench(make(9, text=f"{text}\n{WALL}", url="https://wire-a.example/9"))
    assert (copy.outcome, copy.duplicate_of) == (Outcome.COPY, "a8")


def test_a_brief_that_came_first_is_found_in_the_long_text(bench, make, text):
    """Containment works in both directions: the brief keeps the origin."""
    bench(make(1, text=text[: text.index("No group")]))
    found = bench(make(2, source="Daily B", url="https://b.example/1"))
    assert (found.outcome, found.changed_facts) == (Outcome.COPY, True)
    assert found.origin == "Wire A"


def test_a_copy_after_the_window_is_new(bench, make, text):
    """Syndication is over within a week; later it is an archive's business."""
    bench(make(1))
    late = make(
        2,
        days=9,
        text=text.replace("an investigation", "a thorough investigation"),
        source="Daily B",
        url="https://b.example/1",
    )
    assert bench(late).outcome is Outcome.NEW
