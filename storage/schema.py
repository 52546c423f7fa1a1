"""All tables there are: importing this module is what makes the metadata complete."""

from storage import (
    accounts,
    attachments,
    audit,
    case_events,
    case_messages,
    cases,
    conversations,
    dialogues,
    held,
    inbox,
    invites,
    linking,
    outbox,
    people,
    plans,
    quotas,
    sending_limits,
    slots,
    wards,
    webchat,
    zalo_accounts,
)
from storage.base import metadata

TABLES = (
    accounts.account,
    attachments.attachment,
    audit.audit,
    case_events.case_event,
    case_messages.case_message,
    cases.cases,
    conversations.conversation,
    dialogues.dialogue,
    held.held_message,
    inbox.inbox,
    invites.invite,
    linking.channel_link,
    outbox.outbox,
    people.person,
    plans.plan_item,
    quotas.quota,
    sending_limits.sending_account,
    slots.slot,
    wards.ward,
    webchat.web_message,
    zalo_accounts.zalo_account,
)

__all__ = ["TABLES", "metadata"]
