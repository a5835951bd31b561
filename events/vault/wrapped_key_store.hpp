#pragma once

#include "events/model/failure.hpp"
#include "events/model/ids.hpp"

#include <optional>
#include <string>

namespace reverie::events {

/// What the vault knows about a person's data key.
struct wrapped_key_row {
  bool erased = false; ///< the key was destroyed: the row stays as a mark that it will never come back
  std::string wrapped; ///< the key as master_key::wrap made it (base64, ASCII); empty when erased
};

/// Where wrapped data keys are kept: a table of Postgres' schema `vault`, and a twin in memory. Calls block; thread-safe.
/// `unavailable` when the store can't be reached.
class wrapped_key_store {
public:
  virtual ~wrapped_key_store() = default;

  /// The person's row; nothing for a person without one.
  virtual outcome<std::optional<wrapped_key_row>> load(user_id person) = 0;

  /// Stores a fresh key if the person has no row yet, and answers the row that counts now: the given one, the one that was there
  /// before, or the mark of erasure. One statement (`INSERT … ON CONFLICT DO NOTHING`, then read).
  virtual outcome<wrapped_key_row> store(user_id person, const std::string& wrapped) = 0;

  /// Erases the wrapped key and leaves the mark; also for a person without a row. Doing it twice is no error.
  virtual outcome<void> destroy(user_id person) = 0;
};

} // namespace reverie::events
