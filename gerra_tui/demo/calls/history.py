"""The iterations of a dataset: how its versions came to be, as the service tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gerra_tui.demo.world.contents import prompt, rejection_reason
from gerra_tui.demo.world.draws import Draws
from gerra_tui.demo.world.hostile import TEXTS, hostile_number
from gerra_tui.demo.world.population import POV, REJECTED, THIRD_PERSON

if TYPE_CHECKING:
    from gerra_tui.demo.storage.signing import Signer
    from gerra_tui.demo.world.catalogue import Catalogue


def iterations(catalogue: Catalogue, signer: Signer, row: int) -> dict[str, Any]:
    """The Iterations object of the family this row belongs to, oldest version first."""
    rows = catalogue.members(row)
    versions: list[dict[str, Any]] = []
    for version, member in enumerate(rows):
        newest = version == len(rows) - 1
        parent = versions[-1] if versions else None
        versions.append(_version(catalogue, signer, member, version, parent, newest=newest))
    return {
        "iteration_group_id": catalogue.identity.stable_id(b"group", catalogue.family(row)),
        "total_versions": len(rows),
        "latest_version": len(rows) - 1,
        "iterations": versions,
    }


def _prompt(catalogue: Catalogue, row: int, version: int) -> str:
    hostile = hostile_number(row, catalogue.population.size)
    if hostile is not None:
        return TEXTS[hostile]
    pov = catalogue.population.data_type[row] == POV
    return prompt(catalogue.key, catalogue.family(row), version, pov=pov)


def _version(
    catalogue: Catalogue,
    signer: Signer,
    row: int,
    version: int,
    parent: dict[str, Any] | None,
    *,
    newest: bool,
) -> dict[str, Any]:
    body = catalogue.body(row)
    people = catalogue.population
    data_type = people.data_type[row]
    synthetic = data_type in {POV, THIRD_PERSON}
    draws = Draws(catalogue.key, b"version", row)
    metadata = body.get("metadata")
    fault = None if newest else rejection_reason(catalogue.key, row, data_type)
    if isinstance(metadata, dict) and people.status[row] == REJECTED:
        fault = metadata.get("rejection_reason", fault)
    base = f"/gerra-demo/{catalogue.organization_id}/{body['id']}"
    previews = None
    if synthetic:
        pose_frame = None if draws.below(6) == 0 else signer.url(f"{base}/pose_frame.png")
        previews = {"gif": signer.url(f"{base}/preview.gif"), "pose_frame": pose_frame}
    return {
        "dataset_id": body["id"],
        "version": version,
        "status": body["status"],
        "created_at": body["date_created"],
        "prompt": _prompt(catalogue, row, version) if synthetic else None,
        "parent_dataset_id": parent["dataset_id"] if parent else None,
        "regeneration_reason": parent["superseded_reason"] if parent else None,
        "superseded_reason": None if newest else fault,
        "preview_urls": previews,
        "download_url": None
        if draws.below(12) == 0
        else signer.url(f"{base}.{catalogue.holding(row).suffix}"),
        "metadata": metadata,
    }
