#pragma once

#include "gateway/bridge/blocking_pool.hpp"

#include <string>

namespace reverie::gateway {

/// What a hash costs; the defaults are libsodium's interactive ones.
struct password_cost {
  unsigned long long operations = 2;
  std::size_t memory_bytes = 64 * 1024 * 1024;
};

/// argon2id on threads of its own, never on the io threads; a bounded queue stands before it. Thread-safe.
class password_hasher {
public:
  password_hasher(password_cost cost, std::size_t threads);

  task<events::outcome<std::string>> hash(std::string password);
  /// Checks against a stored hash; an empty one costs the same time and never matches, so that an unknown e-mail can't be told.
  task<events::outcome<bool>> verify(std::string password, std::string stored_hash);
  void stop() { pool_.stop(); }

private:
  password_cost cost_;
  std::string nobody_; ///< hash of a random password
  blocking_pool pool_;
};

} // namespace reverie::gateway
