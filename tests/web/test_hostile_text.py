"""Whatever people type is shown as typed, on every page, and is never read as anything else."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask, g, render_template
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from markupsafe import escape

from sdlc_assess.assessment.response import Answer
from sdlc_assess.assessment.review import Conclusion, Verdict, VerdictOutcome
from sdlc_assess.assessment.role import Action
from sdlc_assess.services import answers, assessments, people, reviews
from sdlc_assess.store import accounts
from sdlc_assess.web import question_page
from sdlc_assess.web.score_view import headline_view
from tests.builders import World, an_assessment, answer, open_review, submit, terms
from tests.web.client import Browser, Fields, text_of

Q = "PO.1.1"

HOSTILE = [
    "<script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }}{% raw %}",
    "@@questions@@ @@csrf@@ @@version@@ @@checked:3@@ @@justification@@",
    "%(version)b %s %% 100%",
    "</fieldset></form><form action=//evil.example>",
    "&lt;b&gt; &amp;amp; &#60;",
    "]]><!-- --></template></title>",
    "javascript:alert(1) ' OR 1=1 --",
    "\\x3cscript\\x3e \u2028 \ufeff \u202e reversed",
]

TOGETHER = [" ".join(HOSTILE[::3]), " ".join(HOSTILE[1::3]), " ".join(HOSTILE[2::3])]
SHARP = "\n\t<>&\"'%@{}"
SAVED = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")) | st.sampled_from(SHARP),
    max_size=300,
).map(str.strip)


@pytest.mark.parametrize("text", TOGETHER)
def test_every_page_shows_what_people_typed_as_text(
    app: Flask, lite_world: World, text: str
) -> None:
    """One story in which every field that takes words holds ``text``; then every page of it."""
    id = _story(lite_world, text)
    own, shown = lite_world.organisations["Northwind"], 0
    for who in ("alice", "charlie", "grace"):
        browser = Browser(app, lite_world, who)
        for path in (
            f"/assessments/{id}",
            "/assessments",
            f"/assessments/{id}/questions",
            f"/assessments/{id}/questions/PO",
            f"/assessments/{id}/answers/{Q}",
            f"/assessments/{id}/submit",
            f"/reviews/{id}",
            f"/reviews/{id}/responses/{Q}",
            f"/reviews/{id}/return",
            f"/reviews/{id}/conclusion",
            f"/reports/{id}",
            f"/reports/{id}/executive",
            f"/organisations/{own}",
            "/organisations",
            "/account",
        ):
            reply = browser.get(path)
            assert reply.status_code in (200, 404, 409), (path, reply.status_code)
            _assert_tame(reply.text, text, (who, path))
            fields = Fields(reply.text)
            found = text_of(reply.text) + "".join(v for vs in fields.values.values() for v in vs)
            shown += " ".join(text.split()) in " ".join(found.split())
    assert shown > 5, "the text is hardly shown, so this would prove nothing"


def _story(world: World, text: str) -> str:
    line = " ".join(re.sub("[\u2028\ufeff\u202e]", "", text).split())[:190].strip()
    with world.desk.database.write() as tx:
        accounts.set_password_hash(tx, world.people["alice"], "none")
        for name in ("alice", "charlie"):
            tx.exec_driver_sql(
                "UPDATE person SET name = ? WHERE id = ?", (line[:200], world.people[name])
            )
        halden = world.organisations["Halden"]
        tx.exec_driver_sql("UPDATE organisation SET name = ? WHERE id = ?", (line, halden))
    with world.visiting("grace", write=True) as visit:
        people.create_organisation(visit, f"{line} and sons"[:200], "vendor")
    with world.visiting("alice", write=True) as visit:
        id = assessments.create(
            visit,
            world.organisations["Northwind"],
            world.organisations["Halden"],
            "ssdf@1.0.0",
            terms(
                target=line,
                target_version=line[:100],
                units=(line, "Other"),
                scope=text,
                exclusions=text,
                requests=text,
            ),
        )
    with world.writing("charlie", id, Action.AGREE) as case:
        assessments.agree(case)
    with world.writing("alice", id, Action.ASSIGN) as case:
        answers.answer_by_unit(case, "PO.1.2", True)
    answer(world, id, Q, "2", text=text)
    answer(world, id, "PO.1.2", "2", unit=line, text=text)
    submit(world, id)
    open_review(world, id)
    with world.writing("charlie", id, Action.SET_VERDICT) as case:
        given = Verdict(VerdictOutcome.NOT_EXAMINED, reason=text, remark=text, looked_at=text)
        reviews.set_verdict(case, Q, "", given, 1, 0)
    with world.writing("charlie", id, Action.CONCLUDE) as case:
        reviews.conclude(case, Conclusion("qualified", text, text, text, text), 0)
    with world.writing("charlie", id, Action.RETURN) as case:
        item = next(i for i in reviews.items(case) if i.row.question_id == Q)
        reviews.return_to_vendor(case, {item.row.id: text})
    return id


def _assert_tame(html: str, text: str, where: Any) -> None:
    assert text not in html or escape(text) == text, where
    tags = Fields(html).tags
    assert tags.count("script") == 2, where
    assert tags.count("img") <= 1, where
    assert "evil.example" not in "".join(re.findall(r'(?:href|src|action)="([^"]*)"', html)), where
    if "7*7" in text:
        assert not re.search(r"\b49\b", text_of(html)), where


@pytest.mark.parametrize("text", TOGETHER)
def test_a_conflict_and_a_refusal_show_hostile_text_as_text(
    app: Flask, lite_world: World, text: str
) -> None:
    id, alice = an_assessment(lite_world), Browser(app, lite_world, "alice")
    answer(lite_world, id, Q, "1", text=text)
    body = {f"{Q}:option": "3", f"{Q}:justification": text, f"{Q}:version": "0"}
    for reply in (
        alice.save(f"/assessments/{id}/answers/{Q}", body),
        alice.save(f"/assessments/{id}/answers/{Q}", {**body, f"{Q}:option": text}),
        alice.post(f"/assessments/{id}/questions", {**body, f"{Q}:option": text}),
        alice.post(f"/assessments/{id}/questions", body),
    ):
        assert reply.status_code in (409, 422)
        assert text not in reply.text or escape(text) == text
        tags = Fields(reply.text).tags
        assert (tags.count("img"), tags.count("script")) in ((0, 0), (1, 2))


@settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@example("\n\n  leading lines are dropped", "@@justification@@")
@example("</textarea><script>", "%(version)b")
@given(SAVED, SAVED)
def test_what_was_saved_comes_back_letter_by_letter(
    app: Flask, lite_world: World, justification: str, reason: str
) -> None:
    id = _shared(lite_world)
    question = _with_na(lite_world)
    with lite_world.writing("alice", id, Action.ANSWER) as case:
        row = next(r for r in answers.load(case) if r.question_id == question)
        given = Answer("na", justification, reason or "None.")
        answers.save(case, question, "", given, row.version)
    page = Fields(Browser(app, lite_world, "alice").get(f"/assessments/{id}/questions").text)
    assert page.one(f"{question}:justification") == justification.strip()
    assert page.one(f"{question}:na_reason") == (reason or "None.").strip()
    assert page.one(f"{question}:option") == "na"


def _shared(world: World) -> str:
    with world.visiting("alice") as visit:
        for row in assessments.listed(visit, world.token("alice")):
            return str(row.id)
    return an_assessment(world)


def _with_na(world: World) -> str:
    asked = world.desk.library.questionnaire("ssdf@1.0.0").questions()
    return next(q.id for q in asked if q.na_when)


# ---- the joined page against the whole template -------------------------------------------------


def _plain_question(app: Flask, case: Any, row: Any, is_open: bool) -> bytes:
    """The oracle: the template itself with every token written as an expression, and no cache."""
    source = app.jinja_env.loader.get_source(app.jinja_env, "questions/question.html")[0]  # type: ignore[union-attr]
    source = re.sub(
        r"@@checked:(?:\{\{ (.+?) \}\}|(\w+))@@",
        lambda m: "{{ ' checked' if chosen == " + (m[1] or f"'{m[2]}'") + " else '' }}",
        source,
    )
    source = source.replace(
        "@@fact:{{ option.id }}.{{ loop.index0 }}@@",
        "{{ ' checked' if (option.id ~ '.' ~ loop.index0) in ticked else '' }}",
    )
    source = re.sub(r"@@([a-z_]+)@@", r"{{ v_\1 }}", source)
    values = {
        "key": row.question_id if row.unit == "" else f"{row.question_id}@{row.unit_id}",
        "action": f"/assessments/{case.id}",
        "unit": f'<span class="q-unit">Unit: {escape(row.unit)}</span>' if row.unit else "",
        "answered_class": "unanswered" if row.option_id is None else "answered",
        "disabled": "" if is_open else " disabled",
        "justification": escape(row.justification),
        "na_reason": escape(row.na_reason),
        "version": row.version,
        "save_state": question_page.state_line(row.version, row.answered_at),
        "assigned": f'<span class="q-assigned">Delegated to {escape(row.assignee)}</span>'
        if row.assignee
        else "",
        "slot": "",
    }
    # each value stands in by a mark first: a person's own line ends are no indentation
    html = app.jinja_env.from_string(source).render(
        q=case.questionnaire.by_id[row.question_id],
        chosen=row.option_id,
        ticked=row.facts,
        **{f"v_{name}": f"mark-{name}-mark" for name in values},
    )
    html = re.sub(r"\n\s+", "\n", html)
    for name, value in values.items():
        html = html.replace(f"mark-{name}-mark", str(value))
    return html.encode()


@pytest.mark.parametrize("who", ["alice", "bob", "dana"])
@pytest.mark.parametrize("section", ["PO", None])
def test_the_joined_page_is_the_whole_template_byte_for_byte(
    app: Flask, lite_world: World, who: str, section: str | None
) -> None:
    id = an_assessment(lite_world, units=("Core & more", "Update"))
    with lite_world.writing("alice", id, Action.ASSIGN) as case:
        answers.answer_by_unit(case, "PO.1.2", True)
        answers.assign(case, "PO.1.3", lite_world.people["bob"])
    for number, text in enumerate(HOSTILE):
        question = list(lite_world.desk.library.questionnaire("ssdf@1.0.0").by_id)[number + 3]
        answer(lite_world, id, question, str(number % 5), text=f"{text}\n  indented\n\n{text}")
    cookie = f"sdlc_session={lite_world.tokens[who]}"
    with (
        app.test_request_context(f"/assessments/{id}", headers={"Cookie": cookie}),
        lite_world.reading(who, id, Action.READ_ANSWERS) as case,
    ):
        g.actor = case.actor
        rows = answers.load(case)
        can = who != "dana"
        first = question_page.render(case, rows, section=section, refused={}, can_answer=can)
        again = question_page.render(case, rows, section=section, refused={}, can_answer=can)
        plain = [
            _plain_question(app, case, row, can and answers.editable(case)(row))
            for s in case.questionnaire.sections
            if section in (None, s.id)
            for q in s.questions
            for row in rows
            if row.question_id == q.id
        ]
        head, tail = _plain_shell(case, section, can)
    assert first == again == head + b"".join(plain) + tail
    assert len(plain) == (43 if section is None else 14)


def _plain_shell(case: Any, section: str | None, can: bool) -> tuple[bytes, bytes]:
    current = next((s for s in case.questionnaire.sections if s.id == section), None)
    here = f"/assessments/{case.id}"
    shell = render_template(
        "questions/page.html",
        case=case,
        row=case.row,
        view=headline_view(case.row.headline),
        sections=case.questionnaire.sections,
        section=current,
        title=current.title if current else "All questions",
        can_answer=can,
        action=here,
        section_url=lambda id: f"{here}/questions/{id}",
        refused=[],
        cut="CUT-HERE",
    )
    head, tail = shell.split("CUT-HERE")
    return head.encode(), tail.encode()
