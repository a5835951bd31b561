#pragma once

#include "events/log/record.hpp"

#include <string>
#include <string_view>

/// How the embedded log lies in RocksDB: the key is partition and offset, big-endian, so that a partition's records lie side by side
/// in order; the value is XXH64 over the record, seeded with XXH64 of the key, then the record. The key beside all partitions holds the log's facts.
namespace reverie::events::log_layout {

inline constexpr std::uint32_t facts_partition = 0xFFFFFFFF;
inline constexpr std::uint32_t partitions_max = 4096;

std::string key_of(log_position place);
/// Nothing when the bytes are no key of a record.
std::optional<log_position> parse_key(std::string_view key);

std::string value_of(std::string_view key, std::string_view record_bytes);
/// The record's bytes; nothing when the checksum is not theirs.
std::optional<std::string_view> checked(std::string_view key, std::string_view value);

} // namespace reverie::events::log_layout
