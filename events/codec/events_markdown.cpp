#include "events/codec/events_markdown.hpp"

#include "events/codec/registry.hpp"

namespace reverie::events {

namespace {

constexpr std::string_view introduction = R"(# Events

Generated from the registry (`events/codec`); a test checks that this page says what the code does.
`UPDATE_GOLDEN=1` on that test writes it anew.

Each event has a number and a name that never change and a version that counts changes of its payload; a build reads every
version that was ever written. A record of the log holds the events of one decision as
`[{"type":"session.message_sent","version":1,"data":{…}}, …]`.
Fields marked *personal* are sealed with the person's key before they reach the log:
`{"$sealed":{"key":"user/…","nonce":"…","box":"…"}}`. Times are milliseconds since 1970 in UTC.
)";

void append_event(std::string& out, const registered_event& each) {
  out += "\n### `";
  out += each.name;
  out += "`\n\nNumber " + std::to_string(each.number) + ", version " + std::to_string(each.version) + ".\n\n";
  if (each.fields.empty()) {
    out += "No fields.\n";
    return;
  }
  out += "| field | type | |\n| --- | --- | --- |\n";
  for (const auto& field : each.fields) {
    out += "| `";
    out += field.name;
    out += "` | ";
    out += field.type;
    out += " |";
    if (field.kept == privacy::personal) out += " personal";
    if (field.optional) out += field.kept == privacy::personal ? ", optional" : " optional";
    out += " |\n";
  }
}

} // namespace

std::string events_markdown() {
  std::string out(introduction);
  std::string_view kind;
  for (const auto& each : registered_events()) {
    if (name_of(each.owner) != kind) {
      kind = name_of(each.owner);
      out += "\n## ";
      out += kind;
      out += "\n";
    }
    append_event(out, each);
  }
  return out;
}

} // namespace reverie::events
