#include "events/kafka/kafka_record.hpp"

#include "events/codec/json_text.hpp"
#include "events/model/assert.hpp"
#include "events/model/limits.hpp"

#include <algorithm>
#include <charconv>

namespace reverie::events::kafka_record {

namespace {

constexpr std::uint16_t current_format = 1;

template <std::unsigned_integral Number>
bool read_number(std::string_view text, Number& into) {
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), into);
  return !text.empty() && error == std::errc{} && end == text.data() + text.size();
}

bool read_uuid(std::string_view text, uuid& into) {
  auto id = parse_uuid(text);
  if (id) into = *id;
  return id.has_value();
}

bool read_entity(std::string_view text, entity_ref& into) {
  auto entity = parse_entity(text);
  if (entity) into = *entity;
  return entity.has_value();
}

bool read_types(std::string_view text, std::vector<event_type>& into) {
  while (!text.empty()) {
    auto space = text.find(' ');
    auto one = text.substr(0, space);
    text = space == std::string_view::npos ? std::string_view{} : text.substr(space + 1);
    auto slash = one.rfind('/');
    if (slash == std::string_view::npos || slash == 0 || into.size() == limits::events_per_record) return false;
    auto& type = into.emplace_back();
    type.name = one.substr(0, slash);
    if (!read_number(one.substr(slash + 1), type.version)) return false;
  }
  return !into.empty();
}

bool read_cause(std::string_view text, std::optional<event_cause>& into) {
  auto mark = text.rfind('#');
  if (mark == std::string_view::npos) return false;
  auto& cause = into.emplace();
  return read_entity(text.substr(0, mark), cause.entity) && read_number(text.substr(mark + 1), cause.sequence.value);
}

bool read_time(std::string_view text, timestamp& into) {
  auto at = parse_rfc3339(text);
  if (at) into = *at;
  return at.has_value();
}

/// Takes headers by name and remembers the first that was missing or wrong.
class header_reader {
public:
  explicit header_reader(std::span<const header_view> headers) : headers_(headers) {}

  template <class Read, class Value>
  void take(std::string_view name, Read read, Value& into) {
    auto found = std::ranges::find(headers_, name, &header_view::first);
    if (found == headers_.end()) note(name, "is missing");
    else if (!read(found->second, into)) note(name, "is malformed");
  }

  template <class Read, class Value>
  void take_if_there(std::string_view name, Read read, Value& into) {
    auto found = std::ranges::find(headers_, name, &header_view::first);
    if (found != headers_.end() && !read(found->second, into)) note(name, "is malformed");
  }

  const std::string& wrong() const { return wrong_; }

private:
  void note(std::string_view name, std::string_view what) {
    if (wrong_.empty()) wrong_ = "header '" + std::string(name) + "' " + std::string(what);
  }

  std::span<const header_view> headers_;
  std::string wrong_;
};

} // namespace

std::string key_of(const record& content) { return to_string(content.slice_key); }

std::vector<header> headers_of(const record& content) {
  const auto& of = content.headers;
  REVERIE_ASSERT(of.format_version == current_format, "records are written in the current format");
  REVERIE_ASSERT(!of.types.empty() && of.types.size() <= limits::events_per_record, "a record holds 1 to 256 events");
  std::string types;
  for (const auto& type : of.types) types += (types.empty() ? "" : " ") + type.name + "/" + std::to_string(type.version);
  std::vector<header> headers;
  headers.reserve(13);
  headers.emplace_back("format", std::to_string(of.format_version));
  headers.emplace_back("epoch", std::to_string(of.epoch.value));
  headers.emplace_back("writer", to_string(of.writer));
  headers.emplace_back("entity", to_string(of.entity));
  headers.emplace_back("first_sequence", std::to_string(of.first_sequence.value));
  headers.emplace_back("types", std::move(types));
  headers.emplace_back("command", to_string(of.command));
  headers.emplace_back("command_digest", hex_text(of.command_digest));
  headers.emplace_back("correlation", to_string(of.correlation));
  if (of.cause) headers.emplace_back("cause", to_string(of.cause->entity) + "#" + std::to_string(of.cause->sequence.value));
  headers.emplace_back("at", format_rfc3339(of.at));
  headers.emplace_back("previous_hash", hex_text(of.previous_hash));
  headers.emplace_back("hash", hex_text(of.hash));
  return headers;
}

outcome<record> record_of(std::string_view key, std::span<const header_view> headers, std::string_view value) {
  record made;
  auto& into = made.headers;
  auto bytes = [](std::string_view text, auto& out) { return read_hex(text, out); };
  auto id = [](std::string_view text, auto& out) { return read_uuid(text, out.value); };
  auto number = [](std::string_view text, auto& out) { return read_number(text, out.value); };
  header_reader in(headers);
  in.take("format", [](std::string_view text, auto& out) { return read_number(text, out) && out > 0; }, into.format_version);
  if (in.wrong().empty() && into.format_version > current_format) {
    return fail(failure_code::unknown_version, "record format " + std::to_string(into.format_version) + ": a newer build wrote it");
  }
  in.take("epoch", number, into.epoch);
  in.take("writer", id, into.writer);
  in.take("entity", read_entity, into.entity);
  in.take("first_sequence", number, into.first_sequence);
  in.take("types", read_types, into.types);
  in.take("command", id, into.command);
  in.take("command_digest", bytes, into.command_digest);
  in.take("correlation", id, into.correlation);
  in.take_if_there("cause", read_cause, into.cause);
  in.take("at", read_time, into.at);
  in.take("previous_hash", bytes, into.previous_hash);
  in.take("hash", bytes, into.hash);
  if (!in.wrong().empty()) return fail(failure_code::malformed, in.wrong());
  if (!read_uuid(key, made.slice_key)) return fail(failure_code::malformed, "its key is no id");
  made.value = value;
  return made;
}

} // namespace reverie::events::kafka_record
