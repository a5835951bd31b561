#pragma once

#include "events/model/failure.hpp"
#include "events/model/ids.hpp"

#include <array>
#include <memory>
#include <string>
#include <string_view>

namespace reverie::events {

/// A person's data key; wiped from memory when the last holder goes.
class data_key {
public:
  explicit data_key(const std::array<std::uint8_t, 32>& bytes);
  ~data_key();
  data_key(const data_key&) = delete;
  data_key& operator=(const data_key&) = delete;
  const std::array<std::uint8_t, 32>& bytes() const { return bytes_; }

private:
  std::array<std::uint8_t, 32> bytes_;
};

using shared_key = std::shared_ptr<const data_key>;

/// Data keys of people, cached in memory. Thread-safe.
class key_ring {
public:
  virtual ~key_ring() = default;

  /// From memory only, never blocks; null when it is not there.
  virtual shared_key find(user_id person) = 0;
  /// From memory or the vault; blocks. `key_destroyed` when the person was erased, `key_unavailable` when the vault can't be reached.
  virtual outcome<shared_key> load(user_id person) = 0;
  /// Makes, wraps and stores a key for a new person; blocks. The same person again gives the same key.
  virtual outcome<shared_key> create(user_id person) = 0;
  /// Destroys the key: erasure. Nothing sealed with it can be read again; blocks.
  virtual outcome<void> destroy(user_id person) = 0;
};

/// Seals `plain` for a person as the JSON value `{"$sealed":{"key":"user/…","nonce":"…","box":"…"}}` (XChaCha20-Poly1305, random
/// nonce, base64 without padding); `context` (event type and field) is authenticated too.
std::string seal(user_id person, const data_key& key, std::string_view context, std::string_view plain);

/// Opens nonce and box (base64). `corrupted` when the box was not made by this key and context.
outcome<std::string> unseal(const data_key& key, std::string_view context, std::string_view nonce, std::string_view box);

/// Seals bytes for local state, and back (nonce in front of the box).
std::string seal_bytes(const data_key& key, std::string_view context, std::string_view plain);
outcome<std::string> unseal_bytes(const data_key& key, std::string_view context, std::string_view sealed);

/// Keyed 128-bit BLAKE2b of content under the person's key.
std::array<std::uint8_t, 16> keyed_digest(const data_key& key, std::string_view purpose, std::string_view content);

} // namespace reverie::events
