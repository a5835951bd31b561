#include "events/codec/event_decoder.hpp"

#include "events/model/assert.hpp"

#include <algorithm>

namespace reverie::events {

event_decoder::event_decoder() {
  [this]<class... Payloads>(std::type_identity<std::variant<Payloads...>>) {
    (add(Payloads::name, Payloads::version, &read_current<Payloads>), ...);
  }(std::type_identity<event>{});
}

void event_decoder::add(std::string_view name, unsigned version, reader how) {
  REVERIE_ASSERT(version > 0, "versions count from 1");
  auto& readers = types_[name].readers;
  readers.resize(std::max<std::size_t>(readers.size(), version));
  REVERIE_ASSERT(readers[version - 1] == nullptr, "one payload per name and version");
  readers[version - 1] = how;
}

outcome<std::string> event_decoder::open(const fields_json::element& sealed, std::string_view field, step& now) {
  std::string_view key, nonce, box;
  if (sealed["key"].get(key) || sealed["nonce"].get(nonce) || sealed["box"].get(box)) {
    return fail(failure_code::malformed, "expected key, nonce and box");
  }
  if (!now.opener) return fail(failure_code::key_unavailable, "sealed, and no keys are at hand");
  now.context.assign(now.event_name);
  now.context += '/';
  now.context += field;
  return now.opener(key, now.context, nonce, box);
}

bool event_decoder::unknown(std::string_view name, std::uint64_t version, step& now) const {
  now.why.code = failure_code::unknown_version;
  now.why.what = "no reader for this event at version " + std::to_string(version) + ": a newer build wrote it";
  // The name goes into logs: only what looks like one.
  bool printable = name.size() <= 64 && std::ranges::all_of(name, [](char c) { return c == '.' || c == '_' || (c >= 'a' && c <= 'z'); });
  return now.why.within(printable ? name : "type");
}

bool event_decoder::decode_one(const fields_json::element& item, step& now, decoded_events& into) const {
  std::string_view name;
  std::uint64_t version = 0;
  fields_json::element data;
  if (item["type"].get(name) || item["version"].get(version) || item["data"].get(data)) {
    return now.why.expected("an object with type, version and data");
  }
  auto type = types_.find(name);
  if (type == types_.end()) return unknown(name, version, now);
  const auto& readers = type->second.readers;
  if (version == 0 || version > readers.size() || readers[version - 1] == nullptr) return unknown(name, version, now);
  now.event_name = type->first;
  if (readers[version - 1](data, into.events.emplace_back(), now)) return true;
  into.events.pop_back();
  return now.why.within(type->first);
}

outcome<void> event_decoder::decode(std::string_view value, const field_opener& opener, decoded_events& into) const {
  into.events.clear();
  into.redacted = false;
  json_parser parser;
  auto root = parser.parse(value);
  if (!root) return std::unexpected(std::move(root.error()));
  simdjson::dom::array items;
  if (root->get(items)) return fail(failure_code::malformed, "a record's value is not an array");
  step now{.opener = opener, .event_name = {}};
  for (auto item : items) {
    if (!decode_one(item, now, into)) return std::unexpected(now.why.as_failure());
  }
  into.redacted = now.redacted;
  return {};
}

} // namespace reverie::events
