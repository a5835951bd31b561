#include "events/vault/key_ring.hpp"

#include "events/vault/sealed_box.hpp"
#include "events/vault/sodium_ready.hpp"

#include <sodium.h>

namespace reverie::events {

data_key::data_key(const std::array<std::uint8_t, 32>& bytes) : bytes_(bytes) {}

data_key::~data_key() { sodium_memzero(bytes_.data(), bytes_.size()); }

std::string seal(user_id person, const data_key& key, std::string_view context, std::string_view plain) {
  auto sealed = sealed_box::make(key.bytes(), context, plain);
  std::string_view view = sealed;
  std::string out = R"({"$sealed":{"key":"user/)";
  out += to_string(person);
  out += R"(","nonce":")";
  out += sealed_box::to_base64(view.substr(0, sealed_box::nonce_bytes));
  out += R"(","box":")";
  out += sealed_box::to_base64(view.substr(sealed_box::nonce_bytes));
  out += R"("}})";
  return out;
}

outcome<std::string> unseal(const data_key& key, std::string_view context, std::string_view nonce, std::string_view box) {
  auto nonce_bytes = sealed_box::from_base64(nonce);
  if (!nonce_bytes) return std::unexpected(std::move(nonce_bytes.error()));
  auto box_bytes = sealed_box::from_base64(box);
  if (!box_bytes) return std::unexpected(std::move(box_bytes.error()));
  return sealed_box::open(key.bytes(), context, *nonce_bytes, *box_bytes);
}

std::string seal_bytes(const data_key& key, std::string_view context, std::string_view plain) {
  return sealed_box::make(key.bytes(), context, plain);
}

outcome<std::string> unseal_bytes(const data_key& key, std::string_view context, std::string_view sealed) {
  return sealed_box::open(key.bytes(), context, sealed);
}

std::array<std::uint8_t, 16> keyed_digest(const data_key& key, std::string_view purpose, std::string_view content) {
  sodium_ready();
  crypto_generichash_state state;
  std::array<std::uint8_t, 16> digest;
  crypto_generichash_init(&state, key.bytes().data(), key.bytes().size(), digest.size());
  // The length keeps purpose and content apart: ("ab", "c") is not ("a", "bc").
  auto purpose_size = static_cast<std::uint64_t>(purpose.size());
  std::array<std::uint8_t, 8> length;
  for (std::size_t i = 0; i < 8; ++i) length[i] = static_cast<std::uint8_t>(purpose_size >> (8 * i));
  crypto_generichash_update(&state, length.data(), length.size());
  crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(purpose.data()), purpose.size());
  crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(content.data()), content.size());
  crypto_generichash_final(&state, digest.data(), digest.size());
  return digest;
}

} // namespace reverie::events
