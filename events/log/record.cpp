#include "events/log/record.hpp"

#include "events/log/binary_text.hpp"
#include "events/model/assert.hpp"
#include "events/model/limits.hpp"

#include <sodium.h>

namespace reverie::events {

namespace {

constexpr std::uint16_t current_format = 1;

void put_entity(std::string& out, const entity_ref& entity) {
  put_number(out, static_cast<std::uint8_t>(entity.kind));
  put_bytes(out, entity.id.bytes);
}

void take_entity(binary_reader& in, entity_ref& entity) {
  entity.kind = static_cast<entity_kind>(in.number<std::uint8_t>());
  in.bytes(entity.id.bytes);
  if (entity.kind < entity_kind::user || entity.kind > entity_kind::forked_bond) in.spoil();
}

void put_types(std::string& out, const std::vector<event_type>& types) {
  put_number(out, static_cast<std::uint16_t>(types.size()));
  for (const auto& type : types) {
    put_number(out, static_cast<std::uint16_t>(type.name.size()));
    out += type.name;
    put_number(out, type.version);
  }
}

void take_types(binary_reader& in, std::vector<event_type>& types) {
  auto count = in.number<std::uint16_t>();
  if (count == 0 || count > limits::events_per_record) in.spoil();
  types.resize(in.good() ? count : 0);
  for (auto& type : types) {
    type.name.assign(in.text(in.number<std::uint16_t>()));
    type.version = in.number<std::uint16_t>();
  }
}

void take_headers(binary_reader& in, record_headers& headers) {
  headers.epoch.value = in.number<std::uint64_t>();
  in.bytes(headers.writer.value.bytes);
  take_entity(in, headers.entity);
  headers.first_sequence.value = in.number<std::uint64_t>();
  take_types(in, headers.types);
  in.bytes(headers.command.value.bytes);
  in.bytes(headers.command_digest);
  in.bytes(headers.correlation.value.bytes);
  headers.cause.reset();
  if (auto has_cause = in.number<std::uint8_t>(); has_cause == 1) {
    auto& cause = headers.cause.emplace();
    take_entity(in, cause.entity);
    cause.sequence.value = in.number<std::uint64_t>();
  } else if (has_cause != 0) {
    in.spoil();
  }
  headers.at = from_milliseconds(static_cast<std::int64_t>(in.number<std::uint64_t>()));
  in.bytes(headers.previous_hash);
  in.bytes(headers.hash);
}

} // namespace

chain_hash hash_of(const record& content) {
  const auto& headers = content.headers;
  thread_local std::string head;
  head.clear();
  head += "reverie record 1";
  put_entity(head, headers.entity);
  put_number(head, headers.first_sequence.value);
  put_types(head, headers.types);
  put_bytes(head, headers.command.value.bytes);
  put_bytes(head, headers.command_digest);
  put_bytes(head, headers.correlation.value.bytes);
  put_number(head, static_cast<std::uint64_t>(to_milliseconds(headers.at)));
  put_bytes(head, headers.previous_hash);
  put_number(head, static_cast<std::uint64_t>(content.value.size()));
  crypto_generichash_state state;
  chain_hash hash;
  crypto_generichash_init(&state, nullptr, 0, hash.size());
  crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(head.data()), head.size());
  crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(content.value.data()), content.value.size());
  crypto_generichash_final(&state, hash.data(), hash.size());
  return hash;
}

std::size_t encoded_size(const record& content) {
  constexpr std::size_t fixed = 2 + 16 + 8 + 16 + 17 + 8 + 2 + 16 + 16 + 16 + 1 + 8 + 32 + 32 + 4;
  std::size_t size = fixed + (content.headers.cause ? 25 : 0) + content.value.size();
  for (const auto& type : content.headers.types) size += 4 + type.name.size();
  return size;
}

std::string encode_record(const record& content) {
  const auto& headers = content.headers;
  REVERIE_ASSERT(headers.format_version == current_format, "records are written in the current format");
  REVERIE_ASSERT(!headers.types.empty() && headers.types.size() <= limits::events_per_record, "a record holds 1 to 256 events");
  std::string out;
  out.reserve(encoded_size(content));
  put_number(out, headers.format_version);
  put_bytes(out, content.slice_key.bytes);
  put_number(out, headers.epoch.value);
  put_bytes(out, headers.writer.value.bytes);
  put_entity(out, headers.entity);
  put_number(out, headers.first_sequence.value);
  put_types(out, headers.types);
  put_bytes(out, headers.command.value.bytes);
  put_bytes(out, headers.command_digest);
  put_bytes(out, headers.correlation.value.bytes);
  put_number(out, static_cast<std::uint8_t>(headers.cause ? 1 : 0));
  if (headers.cause) {
    put_entity(out, headers.cause->entity);
    put_number(out, headers.cause->sequence.value);
  }
  put_number(out, static_cast<std::uint64_t>(to_milliseconds(headers.at)));
  put_bytes(out, headers.previous_hash);
  put_bytes(out, headers.hash);
  put_number(out, static_cast<std::uint32_t>(content.value.size()));
  out += content.value;
  return out;
}

outcome<record> decode_record(std::string_view bytes) {
  record content;
  auto done = decode_record(bytes, content);
  if (!done) return std::unexpected(std::move(done.error()));
  return content;
}

outcome<void> decode_record(std::string_view bytes, record& into) {
  binary_reader in(bytes);
  into.headers.format_version = in.number<std::uint16_t>();
  if (in.good() && into.headers.format_version > current_format) {
    return fail(failure_code::unknown_version,
                "record format " + std::to_string(into.headers.format_version) + ": a newer build wrote it");
  }
  if (into.headers.format_version == 0) in.spoil();
  in.bytes(into.slice_key.bytes);
  take_headers(in, into.headers);
  into.value.assign(in.text(in.number<std::uint32_t>()));
  if (!in.good() || !in.at_end()) return fail(failure_code::malformed, "bytes that are no record");
  return {};
}

} // namespace reverie::events
