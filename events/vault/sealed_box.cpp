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
  std::string out(text.size() / 4 * 3 + 3, '\0');
  std::size_t length = 0;
  const char* end = nullptr;
  int error = sodium_base642bin(bytes_of(out, 0), out.size(), text.data(), text.size(), nullptr, &length, &end, base64_form);
  if (error != 0 || end != text.data() + text.size()) return fail(failure_code::malformed, "not base64");
  out.resize(length);
  return out;
}

} // namespace reverie::events::sealed_box
