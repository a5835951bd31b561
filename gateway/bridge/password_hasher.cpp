#include "gateway/bridge/password_hasher.hpp"

#include "gateway/bridge/fresh_ids.hpp"

#include "events/model/limits.hpp"

#include <sodium.h>

#include <array>

namespace reverie::gateway {

using events::outcome;

namespace {

outcome<std::string> hash_now(const password_cost& cost, const std::string& password) {
  std::array<char, crypto_pwhash_STRBYTES> text{};
  if (crypto_pwhash_str_alg(text.data(), password.data(), password.size(), cost.operations, cost.memory_bytes,
                            crypto_pwhash_ALG_ARGON2ID13) != 0) {
    return events::fail(events::failure_code::overloaded, "no memory for hashing a password");
  }
  return std::string(text.data());
}

} // namespace

password_hasher::password_hasher(password_cost cost, std::size_t threads)
    : cost_(cost), nobody_(hash_now(cost, fresh_secret("")).value_or("")),
      pool_(threads, events::limits::password_queue_requests) {}

task<outcome<std::string>> password_hasher::hash(std::string password) {
  return pool_.run([this, password = std::move(password)]() -> outcome<std::string> { return hash_now(cost_, password); });
}

task<outcome<bool>> password_hasher::verify(std::string password, std::string stored_hash) {
  return pool_.run([this, password = std::move(password), stored = std::move(stored_hash)]() -> outcome<bool> {
    const auto& against = stored.empty() ? nobody_ : stored;
    bool same = crypto_pwhash_str_verify(against.c_str(), password.data(), password.size()) == 0;
    return same && !stored.empty();
  });
}

} // namespace reverie::gateway
