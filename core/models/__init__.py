"""The shared ground's tables: utilities and operators, audit, work, files, policies, search."""

from core.models.audit import Answer, AuditEntry, AuditHead, Change
from core.models.files import Mail, StoredFile
from core.models.operators import Membership, Operator, PartnerKey, PartnerKeyIndex, Role
from core.models.settings import Code, Counter, PolicyValue, SearchKey
from core.models.utilities import Domain, Utility
from core.models.work import Due, Job, JobChunk, Occurrence, OutboxEvent, Processed, Schedule

__all__ = [
    "Answer",
    "AuditEntry",
    "AuditHead",
    "Change",
    "Code",
    "Counter",
    "Domain",
    "Due",
    "Job",
    "JobChunk",
    "Mail",
    "Membership",
    "Occurrence",
    "Operator",
    "OutboxEvent",
    "PartnerKey",
    "PartnerKeyIndex",
    "PolicyValue",
    "Processed",
    "Role",
    "Schedule",
    "SearchKey",
    "StoredFile",
    "Utility",
]
