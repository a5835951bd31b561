#include "ops/cli/record_json.hpp"

#include "events/codec/event_codec.hpp"
#include "events/codec/json_text.hpp"

#include <format>

namespace reverie::ops {

using nlohmann::ordered_json;

ordered_json json_of(const events::recorded_event& each) {
  return {{"type", events::name_of(each.payload)},
          {"entity", events::to_string(each.context.entity.entity)},
          {"sequence", each.context.sequence.value},
          {"position", events::to_string(each.context.position)},
          {"at", events::format_rfc3339(each.context.at)},
          {"command_id", events::to_string(each.context.command)},
          {"data", ordered_json::parse(events::data_json(each.payload), nullptr, false)}};
}

ordered_json json_of(const events::stored_record& stored) {
  const auto& headers = stored.content.headers;
  auto types = ordered_json::array();
  for (const auto& type : headers.types) types.push_back(type.name);
  ordered_json object{{"position", events::to_string(stored.position)},
                      {"entity", events::to_string(headers.entity)},
                      {"slice_key", events::to_string(stored.content.slice_key)},
                      {"first_sequence", headers.first_sequence.value},
                      {"types", std::move(types)},
                      {"at", events::format_rfc3339(headers.at)},
                      {"epoch", headers.epoch.value},
                      {"writer", events::to_string(headers.writer)},
                      {"command_id", events::to_string(headers.command)},
                      {"correlation_id", events::to_string(headers.correlation)}};
  if (headers.cause)
    object["cause"] = {{"entity", events::to_string(headers.cause->entity)}, {"sequence", headers.cause->sequence.value}};
  object["previous_hash"] = events::hex_text(headers.previous_hash);
  object["hash"] = events::hex_text(headers.hash);
  object["events"] = ordered_json::parse(stored.content.value, nullptr, false);
  return object;
}

std::string line_of(const events::stored_record& stored) {
  const auto& headers = stored.content.headers;
  std::string types;
  for (const auto& type : headers.types) types += (types.empty() ? "" : ", ") + type.name;
  return std::format("{:>10}  {}  {} #{}  {}", events::to_string(stored.position), events::format_rfc3339(headers.at),
                     events::to_string(headers.entity), headers.first_sequence.value, types);
}

} // namespace reverie::ops
