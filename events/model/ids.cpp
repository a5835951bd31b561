#include "events/model/ids.hpp"

#include <charconv>
#include <xxhash.h>

namespace reverie::events {

namespace {

constexpr char hex_digits[] = "0123456789abcdef";

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool hyphen_follows(std::size_t byte) { return byte == 3 || byte == 5 || byte == 7 || byte == 9; }

template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  Number value{};
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

} // namespace

void write_text(const uuid& id, char* out) {
  for (std::size_t i = 0; i < 16; ++i) {
    *out++ = hex_digits[id.bytes[i] >> 4];
    *out++ = hex_digits[id.bytes[i] & 15];
    if (hyphen_follows(i)) *out++ = '-';
  }
}

std::string to_string(const uuid& id) {
  std::string text(36, '\0');
  write_text(id, text.data());
  return text;
}

std::optional<uuid> parse_uuid(std::string_view text) {
  if (text.size() != 36) return std::nullopt;
  uuid id;
  std::size_t at = 0;
  for (std::size_t i = 0; i < 16; ++i) {
    int high = hex_value(text[at]);
    int low = hex_value(text[at + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    id.bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
    at += 2;
    if (hyphen_follows(i) && text[at++] != '-') return std::nullopt;
  }
  return id;
}

uuid make_uuid_v7(timestamp at, std::span<const std::uint8_t, 10> random) {
  uuid id;
  auto ms = static_cast<std::uint64_t>(to_milliseconds(at));
  for (std::size_t i = 0; i < 6; ++i) id.bytes[i] = static_cast<std::uint8_t>(ms >> (40 - 8 * i));
  for (std::size_t i = 0; i < 10; ++i) id.bytes[6 + i] = random[i];
  id.bytes[6] = static_cast<std::uint8_t>(0x70 | (id.bytes[6] & 0x0F));
  id.bytes[8] = static_cast<std::uint8_t>(0x80 | (id.bytes[8] & 0x3F));
  return id;
}

std::optional<timestamp> time_of(const uuid& id) {
  if ((id.bytes[6] >> 4) != 7) return std::nullopt;
  std::uint64_t ms = 0;
  for (std::size_t i = 0; i < 6; ++i) ms = (ms << 8) | id.bytes[i];
  return from_milliseconds(static_cast<std::int64_t>(ms));
}

uuid derive_uuid(std::string_view purpose, const uuid& first, const uuid& second, std::uint64_t number) {
  std::string input(purpose);
  input.append(reinterpret_cast<const char*>(first.bytes.data()), 16);
  input.append(reinterpret_cast<const char*>(second.bytes.data()), 16);
  for (int shift = 0; shift < 64; shift += 8) input.push_back(static_cast<char>((number >> shift) & 0xFF));
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, XXH3_128bits(input.data(), input.size()));
  uuid id;
  std::memcpy(id.bytes.data(), canonical.digest, 16);
  id.bytes[6] = static_cast<std::uint8_t>(0x80 | (id.bytes[6] & 0x0F));
  id.bytes[8] = static_cast<std::uint8_t>(0x80 | (id.bytes[8] & 0x3F));
  return id;
}

bond_id bond_of(user_id user, character_id character) {
  return {derive_uuid("bond", user.value, character.value)};
}

bond_id forked_bond_of(session_id fork) { return {derive_uuid("forked bond", fork.value)}; }

std::string_view name_of(entity_kind kind) {
  switch (kind) {
  case entity_kind::user: return "user";
  case entity_kind::session: return "session";
  case entity_kind::character: return "character";
  case entity_kind::bond: return "bond";
  case entity_kind::workspace: return "workspace";
  case entity_kind::job: return "job";
  case entity_kind::partition: return "partition";
  case entity_kind::forked_session: return "forked_session";
  case entity_kind::forked_bond: return "forked_bond";
  }
  return "unknown";
}

std::optional<entity_kind> parse_entity_kind(std::string_view name) {
  for (auto number = 1; number <= static_cast<int>(entity_kind::forked_bond); ++number) {
    auto kind = static_cast<entity_kind>(number);
    if (name_of(kind) == name) return kind;
  }
  return std::nullopt;
}

std::string to_string(const entity_ref& entity) {
  std::string text(name_of(entity.kind));
  text.push_back('/');
  if (entity.kind != entity_kind::partition) return text + to_string(entity.id);
  std::uint32_t number = 0;
  for (std::size_t i = 12; i < 16; ++i) number = (number << 8) | entity.id.bytes[i];
  return text + std::to_string(number);
}

std::optional<entity_ref> parse_entity(std::string_view text) {
  auto slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  auto kind = parse_entity_kind(text.substr(0, slash));
  if (!kind) return std::nullopt;
  if (*kind == entity_kind::partition) {
    auto number = parse_number<std::uint32_t>(text.substr(slash + 1));
    if (!number) return std::nullopt;
    return partition_entity({*number});
  }
  auto id = parse_uuid(text.substr(slash + 1));
  if (!id) return std::nullopt;
  return entity_ref{*kind, *id};
}

entity_ref partition_entity(partition_number partition) {
  uuid id;
  for (std::size_t i = 0; i < 4; ++i) id.bytes[12 + i] = static_cast<std::uint8_t>(partition.value >> (24 - 8 * i));
  return {entity_kind::partition, id};
}

std::uint32_t slice_of(const uuid& slice_key) {
  return static_cast<std::uint32_t>(XXH64(slice_key.bytes.data(), 16, 0) % slice_count);
}

std::string to_string(const log_position& position) {
  return std::to_string(position.partition.value) + ":" + std::to_string(position.offset.value);
}

std::optional<log_position> parse_position(std::string_view text) {
  auto colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  auto partition = parse_number<std::uint32_t>(text.substr(0, colon));
  auto offset = parse_number<std::uint64_t>(text.substr(colon + 1));
  if (!partition || !offset) return std::nullopt;
  return log_position{{*partition}, {*offset}};
}

} // namespace reverie::events
