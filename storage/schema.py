"""All tables there are: importing this module is what makes the metadata complete."""

from storage import (
    accounts,
    attachments,
    audit,
    cases,
    conversations,
    dialogues,
    inbox,
    invites,
    outbox,
    people,
    plans,
    slots,
    wards,
    webchat,
)
from storage.base import metadata

TABLES = (
    accounts.account,
    attachments.attachment,
    audit.audit,
    cases.cases,
    conversations.conversation,
    dialogues.dialogue,
    inbox.inbox,
    invites.invite,
    outbox.outbox,
    people.person,
    plans.plan_item,
    slots.slot,
    wards.ward,
    webchat.web_message,
)

__all__ = ["TABLES", "metadata"]
