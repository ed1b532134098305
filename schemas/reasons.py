"""Closed sets of words: the reason in a record is the same string in a log line and a metric label.

To find where one is decided: ``grep -rn NAME monitor/*/rules.py``.
"""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """What dedupe says of an article."""

    NEW = "new"
    REVISION = "revision"
    COPY = "copy"
    EXACT = "exact"


class DedupeReason(StrEnum):
    """Why dedupe said so."""

    FIRST_SEEN = "first_seen"
    SAME_ADDRESS_SAME_TEXT = "same_address_same_text"
    SAME_OUTLET_SAME_TEXT = "same_outlet_same_text"
    SAME_ADDRESS_CHANGED_TEXT = "same_address_changed_text"
    SAME_GUID_CHANGED_TEXT = "same_guid_changed_text"
    SAME_TEXT_OTHER_OUTLET = "same_text_other_outlet"
    CONTAINED_TEXT = "contained_text"
    SAME_TEXT_OTHER_FIGURES = "same_text_other_figures"
    OTHER_NAMES_OR_PLACES = "other_names_or_places"
    OTHER_TITLE = "other_title"
    TOO_SHORT = "too_short"
    SAME_ADDRESS_OTHER_STORY = "same_address_other_story"


class TextOrigin(StrEnum):
    """Where an article's text was taken from."""

    FEED = "feed"
    PAGE = "page"
    NONE = "none"


class Kind(StrEnum):
    """ARCHITECTURE.md, "Words": strike is from the air or by missile, drone or artillery by a state's forces; attack the rest.

    CAMEO 18 (assault), 19 (fight), 20 (mass violence); PLOVER ASSAULT.
    """

    ATTACK = "attack"
    STRIKE = "strike"


class EventType(StrEnum):
    """What happened, in ACLED-like terms."""

    AIR_STRIKE = "air_strike"
    DRONE_STRIKE = "drone_strike"
    SHELLING_MISSILE = "shelling_missile"
    IED = "ied"
    SUICIDE_BOMBING = "suicide_bombing"
    GRENADE = "grenade"
    ARMED_ATTACK = "armed_attack"
    ARMED_CLASH = "armed_clash"
    ASSASSINATION = "assassination"
    ABDUCTION = "abduction"
    STABBING = "stabbing"
    VEHICLE_ATTACK = "vehicle_attack"
    ARSON = "arson"
    CHEMICAL_WEAPON = "chemical_weapon"
    OTHER_VIOLENCE = "other_violence"


class Factuality(StrEnum):
    """How the article holds the incident; only asserted and claimed ones reach a report's incidents."""

    ASSERTED = "asserted"
    CLAIMED = "claimed"
    DENIED = "denied"


class PlacePrecision(StrEnum):
    """How exact a place is; the order is from exact to vague."""

    SITE = "site"
    TOWN = "town"
    DISTRICT = "district"
    ADMIN1 = "admin1"
    COUNTRY = "country"
    REGION = "region"


class Stance(StrEnum):
    """What a statement does. Only the first three alert. CAMEO 111, PLOVER ACCUSE for condemn, denounce, reject."""

    CONDEMN = "condemn"
    DENOUNCE = "denounce"
    REJECT = "reject"
    DISPUTE = "dispute"
    DENY = "deny"
    CALL_FOR = "call_for"
    THREATEN = "threaten"
    CLAIM = "claim"


class TallyMeasure(StrEnum):
    """What a tally counts."""

    ATTACKS = "attacks"
    KILLED = "killed"
    INJURED = "injured"
    CASUALTIES = "casualties"


class ReportReason(StrEnum):
    """Why a report is empty or partial."""

    EMPTY = "empty"
    UNSUPPORTED_LANGUAGE = "unsupported_language"
    TRUNCATED = "truncated"
    NOT_TEXT = "not_text"


class LinkReason(StrEnum):
    """Why a reported incident was joined to a known one, or was not."""

    FIRST_REPORT = "first_report"
    SAME_ARTICLE = "same_article"
    SAME_WIRE_TEXT = "same_wire_text"
    SAME_DAY_AND_PLACE = "same_day_and_place"
    CONTAINED_PLACE = "contained_place"
    SAME_NAMES = "same_names"
    SAME_WORDING = "same_wording"
    FOLLOW_UP = "follow_up"
    STATEMENT_FILLED_IN = "statement_filled_in"
    OTHER_DAY = "other_day"
    OTHER_PLACE = "other_place"
    OTHER_KIND = "other_kind"
    OTHER_FIGURES = "other_figures"
    OTHER_ACTORS = "other_actors"
    CLOSED = "closed"
    UNPLACED = "unplaced"
    MERGED = "merged"
    ALREADY_APPLIED = "already_applied"
    OLDER_VERSION = "older_version"
    SAME_SERIES = "same_series"
    NEW_SERIES = "new_series"
    SAME_CLASS = "same_class"
    NEW_CLASS = "new_class"
    EVICTED = "evicted"
    EDITOR = "editor"


class CorrectionAct(StrEnum):
    """What an editor does to what is known of an incident."""

    MERGE = "merge"
    SPLIT = "split"
    FIGURE = "figure"
    DISMISS = "dismiss"
    BACKGROUND = "background"
    LIFT = "lift"


class CorrectionRefusal(StrEnum):
    """Why a correction changes nothing."""

    INCIDENT_NOT_KNOWN = "incident_not_known"
    OTHER_NOT_KNOWN = "other_not_known"
    OTHER_SUBJECT = "other_subject"
    SAME_INCIDENT = "same_incident"
    INCIDENT_DISMISSED = "incident_dismissed"
    NOT_ITS_REPORTS = "not_its_reports"
    NOTHING_WOULD_STAY = "nothing_would_stay"
    NO_FIGURE = "no_figure"
    NOTHING_TO_LIFT = "nothing_to_lift"
    ALREADY_SO = "already_so"
    NO_EDITOR = "no_editor"
    TOO_LONG = "too_long"


class DeltaReason(StrEnum):
    """Why what is known changed."""

    CREATED = "created"
    FIRST_FIGURE = "first_figure"
    RAISED = "raised"
    LOWERED = "lowered"
    DISPUTED = "disputed"
    FILLED_IN = "filled_in"
    CLAIMED = "claimed"
    MERGED = "merged"
    SPLIT = "split"
    STATEMENT = "statement"
    EDITOR = "editor"
    CONFIRMED = "confirmed"
    CLOSED = "closed"


class AlertKind(StrEnum):
    """What an alert announces. A digest tells several alerts together, a notice is about the monitor itself."""

    ATTACK = "attack"
    STRIKE = "strike"
    CONDEMNATION = "condemnation"
    UPDATE = "update"
    DIGEST = "digest"
    NOTICE = "notice"


class AlertReason(StrEnum):
    """Why people are told."""

    NEW_ATTACK = "new_attack"
    NEW_STRIKE = "new_strike"
    NEW_CONDEMNATION = "new_condemnation"
    FIRST_FIGURE = "first_figure"
    TOLL_RAISED = "toll_raised"
    TOLL_CORRECTED = "toll_corrected"
    RESPONSIBILITY_CLAIMED = "responsibility_claimed"
    MERGED = "merged"
    DISMISSED = "dismissed"
    REINSTATED = "reinstated"
    TEST = "test"
    DIGEST = "digest"
    SINK_GONE = "sink_gone"
    SINK_WORN_OUT = "sink_worn_out"


class Silence(StrEnum):
    """Why people are not told."""

    KNOWN = "known"
    BACKGROUND = "background"
    STALE = "stale"
    KNOWN_AT_START = "known_at_start"
    UNCONFIRMED = "unconfirmed"
    BELOW_THRESHOLD = "below_threshold"
    OUTSIDE_WATCH = "outside_watch"
    NOT_OFFICIAL = "not_official"
    NOT_VIOLENCE = "not_violence"
    STANCE = "stance"
    SPEAKER_KNOWN = "speaker_known"
    SMALL_STEP = "small_step"
    DISPUTE = "dispute"
    NOT_ANNOUNCED = "not_announced"
    TALLY = "tally"
    UNDATED = "undated"
    UNPLACED = "unplaced"
    SILENCED = "silenced"
    QUIET_HOURS = "quiet_hours"
    UPDATES_OFF = "updates_off"
    DISMISSED = "dismissed"
    CLOSED = "closed"


class Attempt(StrEnum):
    """How one attempt to deliver ended; ``pending`` before the first.

    ``held``: it waits for a time that the receiver chose. ``digested``: it was told within a digest. ``silenced``: an
    editor's silence kept it from this sink. ``release`` is no delivery: it asks to let go what is held for a sink.
    """

    PENDING = "pending"
    HELD = "held"
    DELIVERED = "delivered"
    RETRY = "retry"
    FAILED = "failed"
    DISABLED = "disabled"
    SILENCED = "silenced"
    DIGESTED = "digested"
    RELEASE = "release"


class QuarantineReason(StrEnum):
    """Why a record was set aside."""

    NOT_DECODED = "not_decoded"
    WRONG_VERSION = "wrong_version"
    TOO_LARGE = "too_large"
    TOMBSTONE = "tombstone"
    STAGE_RAISED = "stage_raised"
    DEADLINE = "deadline"
    CHILD_DIED = "child_died"
