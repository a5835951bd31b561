#pragma once

#include "gateway/wire/masking.hpp"

#include "events/model/failure.hpp"
#include "events/model/ids.hpp"
#include "events/model/time.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace reverie::gateway {

/// What an operator did or read: who, when, what, why.
struct audit_entry {
  events::uuid id{};
  events::timestamp at{};
  events::user_id actor{};
  std::string actor_email;
  std::string action;  ///< `entity.read`, `projection.rebuild`
  std::string subject; ///< what it was about: `session/<id>`, a projection, `partition/3`
  std::optional<privacy_mode> privacy; ///< of a read
  std::string reason;
  std::string outcome; ///< begun, done, refused, failed
  document detail = document::object();
  std::string request_id, address;
};

/// Which entries; all that is given must hold.
struct audit_filter {
  std::string actor;  ///< an id, or a part of the e-mail
  std::string action; ///< the beginning of the name
  std::string text;   ///< in subject, reason or action
  std::optional<events::timestamp> since, until;
  bool counted = true; ///< whether all of them are counted as well, which takes long in a large trail
};

struct audit_page {
  std::vector<audit_entry> items; ///< newest first
  std::optional<std::uint64_t> next; ///< where the next page begins
  std::optional<std::uint64_t> total; ///< of the filter; none when it was not to be counted
};

/// The operators' audit trail: append-only. Calls block; thread-safe.
class audit_log {
public:
  virtual ~audit_log() = default;

  /// When this has answered, the entry stays. `unavailable` when it can't be kept.
  virtual events::outcome<void> append(const audit_entry& entry) = 0;
  virtual events::outcome<audit_page> list(const audit_filter& which, std::optional<std::uint64_t> from, std::size_t entries_max) = 0;
};

} // namespace reverie::gateway
