#pragma once

#include "events/model/failure.hpp"

#include <array>
#include <filesystem>
#include <string>
#include <string_view>

namespace reverie::events {

/// The key that wraps the data keys and from which the server's other secrets (token signing) are derived.
class master_key {
public:
  explicit master_key(const std::array<std::uint8_t, 32>& bytes) : bytes_(bytes) {}
  /// 32 bytes as hex or base64.
  static outcome<master_key> parse(std::string_view text);
  /// Reads the key file, or makes one with mode 0600; refuses a file that others can read.
  static outcome<master_key> load_or_create(const std::filesystem::path& file);

  /// A secret for one purpose (BLAKE2b keyed derivation).
  std::array<std::uint8_t, 32> derive(std::string_view purpose) const;
  /// Wraps and unwraps a 32-byte data key (XChaCha20-Poly1305, the person's id authenticated).
  std::string wrap(std::string_view person, const std::array<std::uint8_t, 32>& key) const;
  outcome<std::array<std::uint8_t, 32>> unwrap(std::string_view person, std::string_view wrapped) const;

private:
  std::array<std::uint8_t, 32> bytes_;
};

} // namespace reverie::events
