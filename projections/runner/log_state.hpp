#pragma once

#include "events/log/epoch_rule.hpp"
#include "projections/postgres/connection.hpp"
#include "projections/runner/log_intake.hpp"

#include <span>

/// What is kept of the epoch rule in Postgres: for each partition one place in the log, and the next sequence of every entity exactly there.
/// The place only goes forward: a sequence that is stored for a later place than the one beside it would have records taken for repeated.
namespace reverie::projections {

/// The place for which a partition's state is stored; nothing when none is.
outcome<std::optional<events::log_offset>> stored_log_state(connection& database, events::partition_number partition);

/// Stores all that the rule knows at `next`; what is stored for a later place stays. In one transaction of its own.
outcome<void> store_log_state(connection& database, events::partition_number partition, events::log_offset next, const events::epoch_rule& rule);

/// The statements that move the stored state on to `to` by the records before it. They change nothing where it is ahead of `to` already;
/// it has to be stored for the first record's place or a later one.
void move_log_state(events::partition_number partition, events::log_offset to, std::span<const intake_record> records, std::vector<statement>& out);

} // namespace reverie::projections
