#pragma once

#include "events/log/event_log.hpp"
#include "events/model/time.hpp"

#include <functional>
#include <stop_token>
#include <string>

namespace reverie::events {

struct log_copy_progress {
  std::uint64_t read = 0; ///< records of the source
  std::uint64_t of = 0;
};

struct log_copy_options {
  std::function<writer_id()> fresh_writer;                     ///< a random id at each call
  timestamp now{};                                             ///< of the announcements
  std::string node = "copy";                                   ///< who announces
  std::function<void(const log_copy_progress&)> on_progress{}; ///< after each batch
  std::stop_token stop{};
};

struct log_copy_report {
  std::uint64_t copied = 0;  ///< records
  std::uint64_t present = 0; ///< were in the target already
  std::uint64_t left_out = 0; ///< fenced, repeated, and control records: the target has its own
};

/// Copies every record of `source` that counts to `target`, which may have another number of partitions: each goes where the target's
/// slice map says (made when there is none), under an epoch announced for the copy. Entities, sequences, chains, causes and values stay as
/// they are; positions do not. Nobody may write to the target meanwhile.
///
/// Can be stopped anywhere and run again: what the target holds of an entity is not copied twice, and a copy of a copy adds nothing.
/// `already_exists` when an entity of that id has another history there, `corrupted` when the source's chain is broken; at the end the
/// target is read back, and every entity stands where the source has it.
outcome<log_copy_report> copy_log(event_log& source, event_log& target, const log_copy_options& options);

} // namespace reverie::events
