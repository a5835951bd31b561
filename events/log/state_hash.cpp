#include "events/log/state_hash.hpp"

#include "events/codec/json_text.hpp"
#include "events/log/binary_text.hpp"

#include <xxhash.h>

namespace reverie::events {

std::array<std::uint8_t, 16> hash_of_state(std::string_view canonical) {
  XXH128_canonical_t bytes;
  XXH128_canonicalFromHash(&bytes, XXH3_128bits(canonical.data(), canonical.size()));
  return std::to_array(bytes.digest);
}

struct state_hasher::hidden {
  XXH3_state_t* state = XXH3_createState();
  std::string bytes;
};

state_hasher::state_hasher() : hidden_(std::make_unique<hidden>()) { XXH3_128bits_reset(hidden_->state); }

state_hasher::~state_hasher() { XXH3_freeState(hidden_->state); }

void state_hasher::add(const entity_blob& blob) {
  auto& bytes = hidden_->bytes;
  bytes.clear();
  put_bytes(bytes, blob.address.slice_key.bytes);
  put_number(bytes, static_cast<std::uint8_t>(blob.address.entity.kind));
  put_bytes(bytes, blob.address.entity.id.bytes);
  put_number(bytes, blob.last_sequence.value);
  put_bytes(bytes, blob.state_hash);
  XXH3_128bits_update(hidden_->state, bytes.data(), bytes.size());
}

std::string state_hasher::hex() const {
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(hidden_->state));
  std::string text;
  append_hex(text, canonical.digest);
  return text;
}

} // namespace reverie::events
