// @ts-check
// The interface's words, in English and Arabic, and figures, days and times as the reader's language writes them.

/** @type {Record<string, Record<string, string>>} */
const WORDS = {
  en: {
    title: "news-monitor", skip: "Skip to the content", incidents: "Incidents", statements: "Statements",
    tallies: "Tallies", alerts: "Alerts", live: "live", offline: "not connected", language: "العربية",
    theme: "Light or dark", sign_in: "Sign in", sign_out: "Sign out", token: "Token", cancel: "Cancel",
    sign_in_about: "With an editor's or reader's token. It stays in this tab.", wrong_token: "That token is not known.",
    search: "Search", all: "All", attacks: "Attacks", strikes: "Strikes", kind: "Kind", country: "Country",
    any_country: "All countries", actor: "Actor", source: "Source", min_killed: "Killed at least", any: "any",
    since: "From", until: "Until", background: "Background and dismissed too", clear: "Clear filters", more_filters: "More filters",
    nothing: "Nothing fits these filters.", nothing_yet: "Nothing yet. What comes appears here by itself.", more: "Older ones",
    map: "Map", map_about: "{n} places with incidents; the list holds the same incidents.", zoom_in: "Zoom in", zoom_out: "Zoom out",
    whole: "Show all", timeline: "Timeline", timeline_about: "{n} incidents from {a} to {b}. Drag to choose days, or use From and Until.",
    newest_only: "The newest {n} are counted.", per_day: "per day", per_week: "per week", per_month: "per month", up_to: "{x}, up to {n}",
    killed: "killed", injured: "injured", casualties: "killed or injured", sources_n: "{n} independent", one_source: "1 source",
    alerted: "alerted", silent: "no alert", new_one: "New: {x}", changed: "Changed: {x}",
    what_is_known: "What is known", low: "low", best: "best", high: "high", unknown: "unknown", what: "What", where: "Where", when: "When",
    perpetrators: "By", claimed_by: "Claimed by", targets: "Against", weapon: "Weapon", victims: "Victims", known_since: "Known since",
    changes: "What changed, and why people were told or not", reports: "Reports", independent: "independent", copy_of: "copy of {x}",
    read_from: "Show evidence", hide: "Hide", no_text: "The text of this article is not kept here.", statement_by: "Statements",
    merges: "Merge history", merged_from: "{x} became part of this incident.", merged_into: "This incident became part of", decision: "Alert?",
    measure: "What", before: "Before", after: "After", by_whom: "On whose word", at: "When", correct: "Correct this",
    correct_about: "Each act is a record in Kafka that the rules respect and that replays keep.", note: "Note", send: "Send",
    sent: "Sent. It shows here when the rules have taken it.", merge: "Merge", merge_about: "Id of the incident that ends in this one",
    split: "Split", split_about: "Reports that leave and make an incident of their own", figure: "Set a figure", dismiss: "Dismiss: no such incident",
    mark_background: "Mark as background: no news", lift: "Take back", in_force: "Corrections in force", by: "by {x}",
    dismissed: "dismissed", is_background: "background", closed: "closed", corrected: "figure set by an editor", official: "official",
    back: "All incidents", not_found: "Nothing is known here by that name.", failed: "That did not work: {x}", need_token: "This board is read with a token.",
    data: "Data", location: "Locator map", since_day: "since {x}", no_tallies: "No running counts yet.", open_incident: "Incident", evidence_marks: "Marked: what was read, in the sentence that is quoted.",
  },
  ar: {
    title: "راصد الأخبار", skip: "انتقل إلى المحتوى", incidents: "الحوادث", statements: "التصريحات",
    tallies: "الحصائل", alerts: "التنبيهات", live: "مباشر", offline: "غير متصل", language: "English",
    theme: "فاتح أو داكن", sign_in: "تسجيل الدخول", sign_out: "تسجيل الخروج", token: "الرمز", cancel: "إلغاء",
    sign_in_about: "برمز محرر أو قارئ. يبقى الرمز في هذه الصفحة فقط.", wrong_token: "هذا الرمز غير معروف.",
    search: "بحث", all: "الكل", attacks: "هجمات", strikes: "ضربات", kind: "النوع", country: "البلد",
    any_country: "كل البلدان", actor: "الجهة", source: "المصدر", min_killed: "القتلى على الأقل", any: "أي عدد",
    since: "من", until: "إلى", background: "مع الخلفيات والمستبعدة", clear: "مسح المرشحات", more_filters: "مرشحات أخرى",
    nothing: "لا شيء يطابق هذه المرشحات.", nothing_yet: "لا شيء بعد. ما يَرِد يظهر هنا تلقائيًا.", more: "الأقدم",
    map: "الخريطة", map_about: "{n} من الأماكن فيها حوادث؛ القائمة تضم الحوادث نفسها.", zoom_in: "تكبير", zoom_out: "تصغير",
    whole: "إظهار الكل", timeline: "الخط الزمني", timeline_about: "{n} من الحوادث من {a} إلى {b}. اسحب لاختيار الأيام، أو استخدم من وإلى.",
    newest_only: "حُسبت أحدث {n}.", per_day: "يوميًا", per_week: "أسبوعيًا", per_month: "شهريًا", up_to: "{x}، حتى {n}",
    killed: "قتلى", injured: "جرحى", casualties: "قتلى أو جرحى", sources_n: "{n} مصادر مستقلة", one_source: "مصدر واحد",
    alerted: "نُبِّه إليه", silent: "دون تنبيه", new_one: "جديد: {x}", changed: "تغيّر: {x}",
    what_is_known: "ما هو معروف", low: "الأدنى", best: "الأرجح", high: "الأعلى", unknown: "غير معروف", what: "الحدث", where: "المكان", when: "الزمان",
    perpetrators: "الفاعل", claimed_by: "تبنّاه", targets: "المستهدف", weapon: "السلاح", victims: "الضحايا", known_since: "معروف منذ",
    changes: "ما الذي تغيّر، ولماذا نُبِّه الناس أو لم يُنبَّهوا", reports: "التقارير", independent: "مستقل", copy_of: "نسخة عن {x}",
    read_from: "إظهار الدليل", hide: "إخفاء", no_text: "نص هذا المقال غير محفوظ هنا.", statement_by: "التصريحات",
    merges: "سجل الدمج", merged_from: "صار {x} جزءًا من هذا الحادث.", merged_into: "صار هذا الحادث جزءًا من", decision: "تنبيه؟",
    measure: "ماذا", before: "قبل", after: "بعد", by_whom: "بحسب مَن", at: "متى", correct: "صحّح هذا",
    correct_about: "كل إجراء سجل في كافكا تحترمه القواعد وتحفظه الإعادات.", note: "ملاحظة", send: "إرسال",
    sent: "أُرسل. يظهر هنا حين تأخذ به القواعد.", merge: "دمج", merge_about: "معرّف الحادث الذي ينتهي في هذا الحادث",
    split: "فصل", split_about: "التقارير التي تخرج لتكوّن حادثًا مستقلًا", figure: "تحديد رقم", dismiss: "استبعاد: لا حادث كهذا",
    mark_background: "وضعه كخلفية: ليس خبرًا", lift: "تراجع", in_force: "تصحيحات سارية", by: "بواسطة {x}",
    dismissed: "مستبعد", is_background: "خلفية", closed: "مغلق", corrected: "رقم حدده محرر", official: "رسمي",
    back: "كل الحوادث", not_found: "لا شيء معروف هنا بهذا الاسم.", failed: "لم ينجح ذلك: {x}", need_token: "تُقرأ هذه اللوحة برمز.",
    data: "البيانات", location: "خريطة الموقع", since_day: "منذ {x}", no_tallies: "لا حصائل بعد.", open_incident: "الحادث", evidence_marks: "المعلَّم: ما قُرئ، في الجملة المقتبسة.",
  },
};

/** Words of closed sets in records. English writes most of them as they are. @type {Record<string, Record<string, string>>} */
const TERMS = {
  en: {
    air_strike: "Air strike", drone_strike: "Drone strike", shelling_missile: "Missile or artillery fire", ied: "Bombing",
    suicide_bombing: "Suicide bombing", grenade: "Grenade attack", armed_attack: "Armed attack", armed_clash: "Armed clash",
    assassination: "Assassination", abduction: "Abduction", stabbing: "Stabbing", vehicle_attack: "Vehicle attack",
    arson: "Arson", chemical_weapon: "Chemical attack", other_violence: "Attack", incident: "incident", tally: "tally",
    condemn: "condemns", denounce: "denounces", reject: "rejects", dispute: "disputes", deny: "denies", call_for: "calls for",
    threaten: "threatens", claim: "claims", created: "became known", first_figure: "first figure", filled_in: "filled in", editor: "by an editor",
  },
  ar: {
    air_strike: "غارة جوية", drone_strike: "ضربة بطائرة مسيّرة", shelling_missile: "قصف صاروخي أو مدفعي", ied: "تفجير",
    suicide_bombing: "تفجير انتحاري", grenade: "هجوم بقنبلة يدوية", armed_attack: "هجوم مسلح", armed_clash: "اشتباك مسلح",
    assassination: "اغتيال", abduction: "اختطاف", stabbing: "طعن", vehicle_attack: "هجوم بمركبة", arson: "إحراق",
    chemical_weapon: "هجوم كيميائي", other_violence: "هجوم", attack: "هجوم", strike: "ضربة", condemnation: "إدانة", update: "تحديث",
    incident: "الحادث", tally: "الحصيلة", killed: "قتلى", injured: "جرحى", casualties: "ضحايا", statement: "تصريح", sources: "المصادر",
    date: "التاريخ", place: "المكان", perpetrators: "الفاعل", targets: "المستهدف", weapon: "السلاح", claimed_by: "التبنّي",
    condemn: "أدان", denounce: "شجب", reject: "رفض", dispute: "اعترض على", deny: "نفى", call_for: "دعا إلى", threaten: "هدد", claim: "تبنّى",
    created: "صار معروفًا", first_figure: "أول رقم", raised: "رُفع", lowered: "خُفض", disputed: "متنازع عليه", filled_in: "استُكمل",
    claimed: "تبنٍّ", merged: "دُمج", split: "فُصل", editor: "من محرر", confirmed: "تأكد", closed: "أُغلق",
    new_attack: "هجوم جديد", new_strike: "ضربة جديدة", new_condemnation: "إدانة جديدة", toll_raised: "ارتفعت الحصيلة",
    toll_corrected: "صُححت الحصيلة", responsibility_claimed: "أُعلنت المسؤولية", known: "معروف من قبل", background: "خلفية", stale: "قديم",
    known_at_start: "معروف منذ البداية", below_threshold: "دون الحد", outside_watch: "خارج المتابعة", not_official: "غير رسمي",
    speaker_known: "المتحدث معروف", small_step: "تغيّر طفيف", not_announced: "لم يُعلن", dismissed: "مستبعد", small: "صغير",
    attacks: "هجمات", sentence: "جملة",
  },
};

const LANGUAGE = "board-language";

/** @returns {"en"|"ar"} */
export function language() {
  const asked = new URLSearchParams(location.search).get("lang") ?? localStorage.getItem(LANGUAGE);
  if (asked === "ar" || asked === "en") return asked;
  return navigator.language.startsWith("ar") ? "ar" : "en";
}

/** @param {"en"|"ar"} value */
export function setLanguage(value) {
  localStorage.setItem(LANGUAGE, value);
}

/** The words for a key, with `{x}` filled in. @param {string} key @param {Record<string, string|number>} [values] */
export function t(key, values = {}) {
  const text = WORDS[language()]?.[key] ?? WORDS.en?.[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

/** A word of a closed set. @param {string} name */
export function term(name) {
  return TERMS[language()]?.[name] ?? TERMS.en?.[name] ?? name.replaceAll("_", " ");
}

/** Things one after the other, as the reader's language parts them. @param {string[]} things */
export function listed(things) {
  return things.join(language() === "ar" ? "، " : ", ");
}

/** From what was to what is, in the direction of reading. */
export function arrow() {
  return language() === "ar" ? "←" : "→";
}

/** A text in its own direction where there are no elements to say so. @param {string} text */
export function isolated(text) {
  return language() === "ar" ? `\u2067${text}\u2069` : text;
}

/** @param {number} n */
export function number(n) {
  return new Intl.NumberFormat(language()).format(n);
}

/** @typedef {{low: number|null, best: number|null, high: number|null}} Count */

/** A figure in short: 6, 4–6, 12+. @param {Count|null} count */
export function figure(count) {
  if (!count) return "";
  const { low, best, high } = count;
  if (best === null) {
    if (low === null) return high === null ? "" : `≤ ${number(high)}`;
    return high === null ? `${number(low)}+` : `${number(low)}–${number(high)}`;
  }
  return high === null ? `${number(best)}+` : number(best);
}

/** @param {string|null} code @param {string|null} name */
export function country(code, name) {
  if (!code) return name ?? "";
  try {
    return new Intl.DisplayNames([language()], { type: "region" }).of(code) ?? name ?? code;
  } catch {
    return name ?? code;
  }
}

/** @typedef {{name: string, admin1: string|null, country: string|null, country_code: string|null, lat: number|null, lon: number|null, precision: string}} Place */

/** @param {Place|null} place */
export function placeName(place) {
  if (!place) return "";
  const names = [place.name];
  if (place.admin1 && place.admin1 !== place.name) names.push(place.admin1);
  if (place.country && place.country !== place.name) names.push(country(place.country_code, place.country));
  return listed(names);
}

/** @param {string} iso @param {Intl.DateTimeFormatOptions} options */
function written(iso, options) {
  return new Intl.DateTimeFormat(language(), options).format(new Date(iso));
}

/** @param {string} iso */
export function day(iso) {
  return written(iso, { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
}

/** @param {string} iso */
export function shortDay(iso) {
  return written(iso, { day: "numeric", month: "short" });
}

/** @param {string} iso */
export function month(iso) {
  return written(iso, { month: "short", year: "numeric" });
}

/** @param {string} iso */
export function clock(iso) {
  return written(iso, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

/** @param {string} iso */
export function moment(iso) {
  return written(iso, { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZoneName: "short" });
}

/** @param {{from: string, to: string}|null} range */
export function days(range) {
  if (!range) return t("unknown");
  return range.from === range.to ? day(range.from) : `${day(range.from)} – ${day(range.to)}`;
}
