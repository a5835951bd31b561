#pragma once

#include "events/model/failure.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

/// XChaCha20-Poly1305 as the vault uses it: random nonce, the context authenticated beside the text.
namespace reverie::events::sealed_box {

inline constexpr std::size_t nonce_bytes = 24;
inline constexpr std::size_t tag_bytes = 16;

using key_bytes = std::array<std::uint8_t, 32>;

/// Nonce, then box.
std::string make(const key_bytes& key, std::string_view context, std::string_view plain);
/// `corrupted` when nonce and box were not made by this key and context.
outcome<std::string> open(const key_bytes& key, std::string_view context, std::string_view nonce, std::string_view box);
outcome<std::string> open(const key_bytes& key, std::string_view context, std::string_view nonce_and_box);

/// Base64 (RFC 4648, not the URL alphabet) without padding, and back.
std::string to_base64(std::string_view bytes);
outcome<std::string> from_base64(std::string_view text);

} // namespace reverie::events::sealed_box
