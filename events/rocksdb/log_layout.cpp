#include "events/rocksdb/log_layout.hpp"

#include "events/log/binary_text.hpp"

#include <xxhash.h>

namespace reverie::events::log_layout {

namespace {

constexpr std::size_t checksum_bytes = 8;

std::uint64_t checksum_of(std::string_view key, std::string_view record_bytes) {
  // The key goes in through the seed: a record in another one's place is found as well.
  return XXH64(record_bytes.data(), record_bytes.size(), XXH64(key.data(), key.size(), 0));
}

} // namespace

std::string key_of(log_position place) {
  std::string key;
  put_number(key, place.partition.value);
  put_number(key, place.offset.value);
  return key;
}

std::optional<log_position> parse_key(std::string_view key) {
  binary_reader in(key);
  auto partition = in.number<std::uint32_t>();
  auto offset = in.number<std::uint64_t>();
  if (!in.good() || !in.at_end()) return std::nullopt;
  return log_position{{partition}, {offset}};
}

std::string value_of(std::string_view key, std::string_view record_bytes) {
  std::string value;
  value.reserve(checksum_bytes + record_bytes.size());
  put_number(value, checksum_of(key, record_bytes));
  value += record_bytes;
  return value;
}

std::optional<std::string_view> checked(std::string_view key, std::string_view value) {
  if (value.size() < checksum_bytes) return std::nullopt;
  auto record_bytes = value.substr(checksum_bytes);
  binary_reader in(value);
  if (in.number<std::uint64_t>() != checksum_of(key, record_bytes)) return std::nullopt;
  return record_bytes;
}

} // namespace reverie::events::log_layout
