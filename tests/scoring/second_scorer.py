"""A second scorer that shares no code with the first: every number is found twice, by filling what
is unknown once with the worst and once with the best, and then averaging plain numbers.

Written from the words of the rule (docs/scoring.md). None stands for what does not apply.
"""

from fractions import Fraction

UNKNOWN = "unknown"


def second_score(framework, questionnaire, threshold, claims, verdicts):
    """Return {node id: {"claimed": …, "assessed": …, "words": …}} for groups, practices, tasks."""
    questions = [q for s in questionnaire.sections for q in s.questions]
    units = {u for answer in claims.values() for u in answer if u}
    answers = {}  # question → list of (option, verdict or None), one a unit; [] when not asked
    for q in questions:
        given = claims.get(q.id, {})
        split = any(given) and {u: given.get(u) for u in units}
        pairs = [
            (o, verdicts.get(q.id, {}).get(u)) for u, o in (split or {"": given.get("")}).items()
        ]
        parent = q.when and [option for option, _ in answers[q.when.question]]
        answers[q.id] = pairs if q.when is None or q.when.option in parent else []

    def units_of(q, number):
        return [
            (claim if number == "claimed" else verdict_value)(q, *pair) for pair in answers[q.id]
        ]

    def value(q, number, fill):
        shares = [fill if u == UNKNOWN else u for u in units_of(q, number) if u is not None]
        return min(shares, default=None)

    def average(weighted):
        kept = [(w, v) for w, v in weighted if v is not None]
        return sum(Fraction(w) * v for w, v in kept) / sum(w for w, _ in kept) if kept else None

    def told(tasks, number, whole):
        leaves = [u for t in tasks for q in asked(t) for u in units_of(q, number) if u is not None]
        if number == "assessed" and leaves and all(u == UNKNOWN for u in leaves):
            return "not_examined"
        low, high = whole(number, Fraction(0)), whole(number, Fraction(1))
        return "not_applicable" if low is None else (low, high)

    def asked(task):
        return [q for q in questions if task.id in q.tasks]

    def of_task(task):
        return lambda n, fill: average([(q.weight, value(q, n, fill)) for q in asked(task)])

    def of_practice(practice):
        heaviest = {t.id: max((q.weight for q in asked(t)), default=0) for t in practice.tasks}
        return lambda n, fill: average(
            [(heaviest[t.id], of_task(t)(n, fill)) for t in practice.tasks]
        )

    def of_all(function, parts):
        return lambda n, fill: average([(1, function(part)(n, fill)) for part in parts])

    def of_group(group):
        return of_all(of_practice, group.practices)

    found = {}

    def note(id, tasks, whole):
        tasks = [t for t in tasks if asked(t)]
        if tasks or id == "overall":
            found[id] = {n: told(tasks, n, whole) for n in ("claimed", "assessed")}
            words = {n: [word(told([t], n, of_task(t)), n) for t in tasks] for n in found[id]}
            found[id]["words"] = {n: {w: each.count(w) for w in each} for n, each in words.items()}

    def word(told_task, number):
        missing = "unanswered" if number == "claimed" else "not_examined"
        if isinstance(told_task, str):
            return told_task
        ends = {
            "satisfied" if v >= threshold else "partial" if v else "not_satisfied"
            for v in told_task
        }
        return ends.pop() if len(ends) == 1 else missing

    for group in framework.groups:
        for practice in group.practices:
            for task in practice.tasks:
                note(task.id, [task], of_task(task))
            note(practice.id, practice.tasks, of_practice(practice))
        note(group.id, [t for p in group.practices for t in p.tasks], of_group(group))
    note("overall", list(framework.tasks()), of_all(of_group, framework.groups))
    return found


def claim(question, option, _verdict=None):
    """Return a share of 0–1, UNKNOWN or None (not applicable)."""
    if option in (None, "na"):
        return UNKNOWN if option is None else None
    return Fraction(int(option)) / int(question.options[-1].id)


def verdict_value(question, option, verdict):
    """Return what a unit is worth after its verdict, like ``claim``."""
    kind = verdict.outcome if verdict else "not_examined"
    if kind == "insufficient":
        return Fraction(0)
    if kind == "not_examined":
        return UNKNOWN
    return claim(question, option if kind == "agree" else verdict.option)
