/** Offered while somebody types; the server decides what there is, so that a name that is missing here is found all the same. */

export const eventTypes = [
  "session.*", "session.opened", "session.message_sent", "session.reply_started", "session.reply_completed", "session.reply_failed", "session.message_edited", "session.message_deleted",
  "session.branch_selected", "session.read_marked", "session.closed", "session.forked",
  "bond.*", "bond.conversation_opened", "bond.conversation_closed", "bond.turn_observed", "bond.fact_learned", "bond.fact_closed", "bond.fact_retracted", "bond.memory_forgotten",
  "bond.affinity_changed", "bond.turns_retracted", "bond.forked",
  "user.*", "user.registered", "user.profile_changed", "user.roles_changed", "character.*", "character.created", "character.card_replaced", "character.deleted",
  "partition.*", "partition.owner_announced", "partition.slices_mapped",
];

/** Of the audit log; the beginning of a name means all that begin so. */
export const auditActions = [
  "projection.", "projection.rebuild", "projection.reset", "projection.pause", "projection.resume", "projection.verify", "vectors.", "dead_letter.", "dead_letter.retry", "dead_letter.discard",
  "dead_letter.rule", "event_rule.retire", "effect.retry", "verification.run", "conversation.fork", "fork.", "user.role", "conversation.read", "conversation.messages", "entity.", "events.",
  "events.read", "events.follow", "user.read", "user.memories", "audit.export",
];
