#include "ops/operator/record_view.hpp"

#include "events/codec/json_text.hpp"
#include "events/codec/personal_fields.hpp"
#include "events/replay/record_events.hpp"
#include "events/vault/field_sealing.hpp"

namespace reverie::ops {

using gateway::document;
using gateway::privacy_mode;

namespace {

document verdict_view(std::optional<events::record_verdict> verdict) {
  if (!verdict) return nullptr;
  switch (*verdict) {
  case events::record_verdict::counts: return "counts";
  case events::record_verdict::fenced: return "fenced";
  case events::record_verdict::repeated: return "repeated";
  case events::record_verdict::gap: break;
  }
  return "gap";
}

/// The events of a record; `problem` is set when they can't be read, `sealed` when what is personal stays closed.
void add_events(document& view, const events::stored_record& stored, const events::field_opener& opener, privacy_mode privacy) {
  const auto& headers = stored.content.headers;
  events::record_decoder decoder(privacy == privacy_mode::none ? events::open_nothing() : opener);
  auto decoded = decoder.decode(stored);
  bool closed = privacy != privacy_mode::none && decoded && decoder.redacted();
  std::optional<events::record_decoder> without_keys;
  if (!decoded && decoded.error().code == events::failure_code::key_unavailable) {
    without_keys.emplace(events::open_nothing());
    decoded = without_keys->decode(stored);
    closed = true;
  }
  auto& used = without_keys ? *without_keys : decoder;
  auto list = document::array();
  for (std::size_t i = 0; i < headers.types.size(); ++i)
    list.push_back({{"sequence", headers.first_sequence.value + i}, {"type", headers.types[i].name},
                    {"payload", decoded && i < used.events().size() ? payload_view(used.events()[i], privacy) : document(nullptr)}});
  view["events"] = std::move(list);
  view["sealed"] = closed;
  if (!decoded) view["problem"] = std::string(events::name_of(decoded.error().code));
}

} // namespace

document payload_view(const events::event& any, privacy_mode privacy) {
  auto payload = document::parse(events::data_json(any), nullptr, false);
  for (const auto name : events::personal_fields_of(any))
    if (auto found = payload.find(name); found != payload.end()) *found = gateway::personal_value(std::move(*found), privacy);
  return payload;
}

document record_view(const events::stored_record& stored, std::optional<events::record_verdict> verdict, const events::field_opener& opener,
                     privacy_mode privacy, record_detail how) {
  const auto& headers = stored.content.headers;
  auto types = document::array();
  for (const auto& type : headers.types) types.push_back(type.name);
  document view{{"position", events::to_string(stored.position)},
                {"at", events::format_rfc3339(headers.at)},
                {"entity", events::to_string(headers.entity)},
                {"first_sequence", headers.first_sequence.value},
                {"types", std::move(types)},
                {"command_id", events::to_string(headers.command)},
                {"correlation_id", events::to_string(headers.correlation)},
                {"cause", nullptr},
                {"epoch", headers.epoch.value},
                {"verdict", verdict_view(verdict)},
                {"bytes", stored.content.value.size()}};
  if (headers.cause) view["cause"] = {{"entity", events::to_string(headers.cause->entity)}, {"sequence", headers.cause->sequence.value}};
  add_events(view, stored, opener, privacy);
  if (how == record_detail::list) return view;
  view["hash"] = events::hex_text(headers.hash);
  view["previous_hash"] = events::hex_text(headers.previous_hash);
  view["writer"] = events::to_string(headers.writer);
  return view;
}

} // namespace reverie::ops
