#include "gateway/bridge/refresh_token_text.hpp"

#include "gateway/bridge/fresh_ids.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>

namespace reverie::gateway {

namespace {
constexpr std::string_view prefix = "rvr_";
constexpr int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
using holder_bytes = std::array<unsigned char, 32>;
} // namespace

std::string fresh_refresh_token(const std::optional<token_holder>& holder) {
  if (!holder) return fresh_secret(prefix);
  holder_bytes bytes{};
  std::ranges::copy(holder->user.value.bytes, bytes.begin());
  std::ranges::copy(holder->family.bytes, bytes.begin() + 16);
  std::array<char, sodium_base64_ENCODED_LEN(32, variant)> text{};
  sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), variant);
  return fresh_secret(std::string(prefix) + text.data() + ".");
}

std::optional<token_holder> holder_of(std::string_view refresh_token) {
  auto dot = refresh_token.find('.');
  if (!refresh_token.starts_with(prefix) || dot == std::string_view::npos) return std::nullopt;
  auto text = refresh_token.substr(prefix.size(), dot - prefix.size());
  holder_bytes bytes{};
  std::size_t size = 0;
  const char* end = nullptr;
  if (sodium_base642bin(bytes.data(), bytes.size(), text.data(), text.size(), nullptr, &size, &end, variant) != 0 ||
      size != bytes.size() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  token_holder holder;
  std::copy_n(bytes.begin(), 16, holder.user.value.bytes.begin());
  std::copy_n(bytes.begin() + 16, 16, holder.family.bytes.begin());
  return holder;
}

} // namespace reverie::gateway
