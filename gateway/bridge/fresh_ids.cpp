#include "gateway/bridge/fresh_ids.hpp"

#include "events/codec/json_text.hpp"

#include <sodium.h>

#include <array>

namespace reverie::gateway {

events::uuid fresh_uuid(events::timestamp now) {
  std::array<std::uint8_t, 10> random;
  randombytes_buf(random.data(), random.size());
  return events::make_uuid_v7(now, random);
}

std::string fresh_secret(std::string_view prefix) {
  std::array<unsigned char, 32> random;
  randombytes_buf(random.data(), random.size());
  std::array<char, sodium_base64_ENCODED_LEN(32, sodium_base64_VARIANT_URLSAFE_NO_PADDING)> text;
  sodium_bin2base64(text.data(), text.size(), random.data(), random.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  return std::string(prefix) + text.data();
}

std::string digest_hex(std::string_view secret) {
  std::array<std::uint8_t, 32> digest;
  crypto_generichash(digest.data(), digest.size(), reinterpret_cast<const unsigned char*>(secret.data()), secret.size(), nullptr, 0);
  std::string hex;
  events::append_hex(hex, digest);
  return hex;
}

} // namespace reverie::gateway
