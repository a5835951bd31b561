#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

/// The bytes of records and keys: numbers big-endian, so that keys sort as numbers do.
namespace reverie::events {

template <std::unsigned_integral Number>
void put_number(std::string& out, Number value) {
  std::array<char, sizeof(Number)> bytes;
  for (std::size_t i = 0; i < sizeof(Number); ++i) {
    bytes[i] = static_cast<char>(static_cast<std::uint8_t>(value >> (8 * (sizeof(Number) - 1 - i))));
  }
  out.append(bytes.data(), bytes.size());
}

template <std::size_t Size>
void put_bytes(std::string& out, const std::array<std::uint8_t, Size>& bytes) {
  out.append(reinterpret_cast<const char*>(bytes.data()), Size);
}

/// Takes values from the front of bytes. Past the end it gives zeros and turns bad, for good; the caller asks `good()` once, at last.
class binary_reader {
public:
  explicit binary_reader(std::string_view bytes) : rest_(bytes) {}

  template <std::unsigned_integral Number>
  Number number() {
    auto taken = text(sizeof(Number));
    Number value = 0;
    for (char c : taken) value = static_cast<Number>((static_cast<std::uint64_t>(value) << 8) | static_cast<std::uint8_t>(c));
    return value;
  }

  template <std::size_t Size>
  void bytes(std::array<std::uint8_t, Size>& into) {
    auto taken = text(Size);
    if (taken.size() == Size) std::memcpy(into.data(), taken.data(), Size);
  }

  std::string_view text(std::size_t size) {
    if (size > rest_.size()) {
      spoil();
      return {};
    }
    auto taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

  std::string_view rest() { return text(rest_.size()); }

  void spoil() {
    good_ = false;
    rest_ = {};
  }
  bool good() const { return good_; }
  bool at_end() const { return rest_.empty(); }

private:
  std::string_view rest_;
  bool good_ = true;
};

} // namespace reverie::events
