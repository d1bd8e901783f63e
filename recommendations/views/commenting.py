"""Comments on passages of a circulated version: said, withdrawn, answered; and all that is open at the desk."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal import access, languages, saving
from portal.access import signed_in
from portal.forms import kept_initial
from portal.once import once
from portal.states import Refusal
from recommendations import actions
from recommendations.forms.circulating import AnswerForm, CommentForm, own_in
from recommendations.models import Amendment, CirculatedText, Comment
from recommendations.models.wording import passage
from recommendations.views.circulating import said
from recommendations.views.combining import frame, plain_statement
from stakeholders.querysets import standing_of

PER_PAGE = 50
SPEAK = "recommendations.comment_version"


def text_to_speak_to(request: HttpRequest, pk: int) -> CirculatedText:
    """Return a text of a version that is open, through the one door; who may not speak now is refused."""
    text: CirculatedText = access.fetch(request, CirculatedText.objects.for_page(), pk=pk)
    access.require(request, SPEAK, text.version)
    return text


def chosen_language(request: HttpRequest, text: CirculatedText) -> str:
    """Return the language that is spoken to: as sent or asked, else the reader's, else the prevailing one."""
    asked = request.POST.get("language") or request.GET.get("language", "")
    wanted = asked if asked in text.texts else get_language() or languages.DEFAULT
    return passage(text.texts, wanted, text.version.statement.prevailing_language).language


def back_to(text: CirculatedText, anchor: str = "") -> HttpResponseRedirect:
    """Lead to the text in its version."""
    return HttpResponseRedirect(f"{text.version.get_absolute_url()}#{anchor or text.anchor}")


@signed_in
@once
def comment_create(request: HttpRequest, pk: int) -> HttpResponse:
    text = text_to_speak_to(request, pk)
    language = chosen_language(request, text)
    statement = text.version.statement
    initial = {"language": language, "paragraph": request.GET.get("paragraph", "0"), **kept_initial(request)}
    own = own_in(statement.consultation, standing_of(request.user).speaks_for)
    form = CommentForm(request.POST or None, about=text, language=language, own=own, initial=initial)
    tried = saving.save(form, lambda: actions.comment_passage(text, by=request.user, **form.cleaned_data))
    if tried.done:
        messages.success(request, _("Your comment stands beside the passage. The convenors answer it there."))
        return back_to(text, f"comment-{tried.made.pk}")
    context = frame(statement, text=text, version=text.version, language=language, form=form)
    context["words"] = text.texts[language]
    return render(request, "recommendations/comment_create.html", context)


@signed_in
@once
def comment_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    comment = access.fetch(request, Comment.objects.for_list(), pk=pk)
    access.require(request, "recommendations.withdraw_comment", comment)
    if request.method == "POST":
        try:
            actions.withdraw_comment(comment, by=request.user)
        except Refusal as refusal:
            messages.error(request, str(refusal.reason))
        else:
            messages.success(request, _("Your comment is withdrawn."))
    return back_to(comment.text)


@signed_in
@once
def comment_answer(request: HttpRequest, pk: int) -> HttpResponse:
    comment = access.fetch(request, Comment.objects.for_list(), pk=pk)
    access.require(request, "recommendations.answer_comment", comment)
    form = AnswerForm(request.POST or None, initial=kept_initial(request))
    tried = saving.save(form, lambda: actions.answer_comment(comment, by=request.user, **form.cleaned_data))
    if tried.done:
        messages.success(request, _("The comment is answered."))
        return back_to(comment.text, f"comment-{comment.pk}")
    context = frame(comment.text.version.statement, form=form, **said(comment, standing_of(request.user)))
    return render(request, "recommendations/comment_answer.html", context)


@signed_in
def said_list(request: HttpRequest, slug: str) -> HttpResponse:
    statement = plain_statement(request, slug)
    everything = request.GET.get("show") == "all"
    here = {"text__version__statement": statement}
    comments, amendments = Comment.objects.filter(**here).standing(), Amendment.objects.filter(**here).standing()
    if not everything:
        comments, amendments = comments.open(), amendments.open()
    standing = standing_of(request.user)
    page = Paginator(comments.for_list().order_by("-pk"), PER_PAGE).get_page(request.GET.get("page"))
    proposed = Paginator(amendments.for_list().order_by("-pk"), PER_PAGE).get_page(request.GET.get("amendments"))
    context = frame(
        statement,
        page=page,
        comments=[said(one, standing) for one in page],
        proposed=proposed,
        amendments=[_amendment(one, standing) for one in proposed],
        all=everything,
        query="show=all&" if everything else "",
    )
    return render(request, "recommendations/said_list.html", context)


def _amendment(one: Amendment, standing: Any) -> dict[str, Any]:
    kind = one.on_draft.kind if one.state == "proposed" else ""
    return {**said(one, standing), "kind": kind, "supports": len(one.supports.all())}
