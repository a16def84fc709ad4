"""Honest fakes of the service's ports: they do what the real ones do, in memory and at once.

`disk` has the journal and the audit log (`tests/journal/test_journal.py` holds it to what the real
journal does), `service` the whole API, `datasets` what both are about.
"""

from tests.fakes.datasets import ORGANIZATION, ORIGIN, body, dataset_of, id_of
from tests.fakes.disk import Disk, FakeAuditLog, FakeJournal
from tests.fakes.service import FakeService, Posted, failure

__all__ = [
    "ORGANIZATION",
    "ORIGIN",
    "Disk",
    "FakeAuditLog",
    "FakeJournal",
    "FakeService",
    "Posted",
    "body",
    "dataset_of",
    "failure",
    "id_of",
]
