#include "events/vault/sealed_box.hpp"

#include "events/model/assert.hpp"
#include "events/vault/sodium_ready.hpp"

#include <sodium.h>

namespace reverie::events::sealed_box {

static_assert(nonce_bytes == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES && tag_bytes == crypto_aead_xchacha20poly1305_ietf_ABYTES);

namespace {

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* bytes_of(std::string& text, std::size_t at) { return reinterpret_cast<unsigned char*>(text.data()) + at; }

constexpr int base64_form = sodium_base64_VARIANT_ORIGINAL_NO_PADDING;

/// What a base64 character stands for; 64 for any other. libsodium's own decoder takes the same time for all inputs, which costs
/// replay a third of its speed and is of no use for boxes that anybody may see.
constexpr auto base64_values = [] {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::array<std::uint8_t, 256> values{};
  values.fill(64);
  for (std::size_t i = 0; i < alphabet.size(); ++i) values[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
  return values;
}();

std::uint32_t value_of(char c) { return base64_values[static_cast<unsigned char>(c)]; }

} // namespace

std::string make(const key_bytes& key, std::string_view context, std::string_view plain) {
  sodium_ready();
  std::string out(nonce_bytes + plain.size() + tag_bytes, '\0');
  randombytes_buf(out.data(), nonce_bytes);
  unsigned long long length = 0;
  int error = crypto_aead_xchacha20poly1305_ietf_encrypt(bytes_of(out, nonce_bytes), &length, bytes_of(plain), plain.size(),
                                                         bytes_of(context), context.size(), nullptr, bytes_of(out, 0), key.data());
  REVERIE_ASSERT(error == 0 && length == plain.size() + tag_bytes, "sealing never fails");
  return out;
}

outcome<std::string> open(const key_bytes& key, std::string_view context, std::string_view nonce, std::string_view box) {
  if (nonce.size() != nonce_bytes || box.size() < tag_bytes) return fail(failure_code::corrupted, "a sealed value of a wrong size");
  std::string out(box.size() - tag_bytes, '\0');
  unsigned long long length = 0;
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(bytes_of(out, 0), &length, nullptr, bytes_of(box), box.size(), bytes_of(context),
                                                 context.size(), bytes_of(nonce), key.data()) != 0) {
    return fail(failure_code::corrupted, "a sealed value was not made by this key in this place");
  }
  return out;
}

outcome<std::string> open(const key_bytes& key, std::string_view context, std::string_view nonce_and_box) {
  if (nonce_and_box.size() < nonce_bytes) return fail(failure_code::corrupted, "a sealed value of a wrong size");
  return open(key, context, nonce_and_box.substr(0, nonce_bytes), nonce_and_box.substr(nonce_bytes));
}

std::string to_base64(std::string_view bytes) {
  std::string out(sodium_base64_encoded_len(bytes.size(), base64_form), '\0');
  sodium_bin2base64(out.data(), out.size(), bytes_of(bytes), bytes.size(), base64_form);
  out.pop_back(); // libsodium counts the terminator
  return out;
}

outcome<std::string> from_base64(std::string_view text) {
  auto tail = text.size() % 4;
  if (tail == 1) return fail(failure_code::malformed, "not base64");
  std::string out(text.size() / 4 * 3 + (tail == 0 ? 0 : tail - 1), '\0');
  std::size_t at = 0;
  std::uint32_t seen = 0; // any bit over six tells of a character outside the alphabet
  for (std::size_t i = 0; i + 4 <= text.size(); i += 4) {
    std::uint32_t a = value_of(text[i]), b = value_of(text[i + 1]), c = value_of(text[i + 2]), d = value_of(text[i + 3]);
    seen |= a | b | c | d;
    std::uint32_t triple = (a << 18) | (b << 12) | (c << 6) | d;
    out[at++] = static_cast<char>(triple >> 16);
    out[at++] = static_cast<char>((triple >> 8) & 0xFF);
    out[at++] = static_cast<char>(triple & 0xFF);
  }
  if (tail > 0) {
    auto end = text.size() - tail;
    std::uint32_t a = value_of(text[end]), b = value_of(text[end + 1]), c = tail == 3 ? value_of(text[end + 2]) : 0;
    seen |= a | b | c;
    std::uint32_t triple = (a << 18) | (b << 12) | (c << 6);
    out[at++] = static_cast<char>(triple >> 16);
    if (tail == 3) out[at++] = static_cast<char>((triple >> 8) & 0xFF);
    // One text for each content: what does not reach the last byte must be zero.
    bool spare_bits = tail == 3 ? (triple & 0xFF) != 0 : (triple & 0xFFFF) != 0;
    if (spare_bits) return fail(failure_code::malformed, "not base64");
  }
  if (seen > 63) return fail(failure_code::malformed, "not base64");
  return out;
}

} // namespace reverie::events::sealed_box
