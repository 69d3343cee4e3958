"""What finds containers: the serial that stands on them."""

from collections.abc import Iterable, Sequence

from core.search import Result, SearchKind
from core.search.tokens import number_tokens
from meters.models import Container, Placing


def container_keys(refs: Sequence[int]) -> dict[int, set[str]]:
    """The keys of each container."""
    return {ref: number_tokens(serial) for ref, serial in _serials(refs)}


def container_results(refs: Sequence[int]) -> Iterable[Result]:
    """The containers as answers: what they are for and where they stand."""
    standing = Placing.objects.filter(container__in=refs, ends=None).select_related("location")
    at = {one.container_id: one.location.address for one in standing}
    for one in Container.objects.filter(id__in=refs):
        where = at.get(one.id, "stands nowhere")
        detail = f"{one.kind.capitalize()} · {where}"
        yield Result("container", one.id, f"Container {one.serial}", detail, "customers:container", (one.id,))


def every_container() -> Iterable[int]:
    """The ids of all containers, in order."""
    return Container.objects.order_by("id").values_list("id", flat=True)


def _serials(refs: Sequence[int]) -> Iterable[tuple[int, str]]:
    return Container.objects.filter(id__in=refs).values_list("id", "serial")


CONTAINER_KINDS = (
    SearchKind(
        "container",
        "Containers",
        "meters.view",
        container_keys,
        container_results,
        every_container,
        icon="trash",
        order=45,
    ),
)
