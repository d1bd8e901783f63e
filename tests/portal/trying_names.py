"""As `trying`: names beside texts, published figures, and the record of what was done."""

from tests.portal.trying import SLUG, WORKSHOP, Sight, at, counted, described, page_of, seen
from tests.portal.world import FIVE, FOUR, World


def _own_name(world: World) -> str:
    return world.own.name


def _own_description(world: World) -> str:
    return world.own.description


def _item(world: World) -> str:
    return at("item_detail", world.statement.slug, "asean", 1)


def _act(world: World) -> str:
    """Return the mark that the row of the act has on a page."""
    return f'id="act-{world.entry.number}"'


SIGHTS: dict[str, Sight] = {
    "organisation.see beside others": described(_own_name, _own_description, page_of("statement_detail", WORKSHOP)),
    "organisation.see among the organisers": described(
        _own_name, _own_description, page_of("consultation_detail", SLUG)
    ),
    "name beside a text.see": described(_own_name, _own_description, page_of("statement_detail", WORKSHOP), _item),
    "published figures.see on the map": counted(
        f'?group={FIVE}&country=TH">5</a>', f'?group={FOUR}&country=ID">4</a>', page_of("stakeholder_map")
    ),
    "published figures.see who took part": counted(
        '<th scope="row">Five come</th><td class="num">5</td><td class="num">5</td>',
        '<th scope="row">Four come</th>',
        page_of("consultation_record", SLUG),
    ),
    "published figures.see how many adopted": counted(
        "5 organisations adopted it.", "4 organisations adopted it.", page_of("statement_detail", WORKSHOP)
    ),
    "conveyance.see that it was sent": seen(
        lambda world: f"Conveyed to {world.body.name}", page_of("statement_timeline", WORKSHOP)
    ),
    "log.see in the back office": seen(
        lambda _world: "Detail of the line", page_of("admin:portal_logentry_changelist")
    ),
    "log.see in the record of the consultation": seen(_act, page_of("consultation_log", SLUG)),
    "log.see among the own acts": seen(_act, page_of("account_acts")),
}
