#include "events/codec/event_codec.hpp"

#include "events/codec/event_decoder.hpp"
#include "events/codec/fields_json_write.hpp"
#include "events/codec/past_versions.hpp"

namespace reverie::events {

namespace {

template <event_payload Payload>
void append_data(std::string& out, const Payload& payload, const field_sealer& sealer) {
  fields_json::write_object(out, payload, [&](const auto& description, const auto& member) {
    if (description.kept == privacy::open || !sealer) {
      fields_json::write(out, member);
      return;
    }
    std::string plain;
    fields_json::write(plain, member);
    std::string context(Payload::name);
    context += '/';
    context += description.name;
    out += sealer(context, plain);
  });
}

const event_decoder& decoder_of_all_versions() {
  static const event_decoder decoder = [] {
    event_decoder all;
    add_past_versions(all);
    return all;
  }();
  return decoder;
}

} // namespace

std::string encode_events(std::span<const event> events, const field_sealer& sealer) {
  std::string out = "[";
  for (const auto& each : events) {
    if (out.size() > 1) out += ',';
    std::visit(
        [&]<class Payload>(const Payload& payload) {
          out += R"({"type":")";
          out += Payload::name;
          out += R"(","version":)";
          append_json_number(out, std::uint64_t{Payload::version});
          out += R"(,"data":)";
          append_data(out, payload, sealer);
          out += '}';
        },
        each);
  }
  out += ']';
  return out;
}

outcome<decoded_events> decode_events(std::string_view value, const field_opener& opener) {
  decoded_events decoded;
  auto done = decode_events(value, opener, decoded);
  if (!done) return std::unexpected(std::move(done.error()));
  return decoded;
}

outcome<void> decode_events(std::string_view value, const field_opener& opener, decoded_events& into) {
  return decoder_of_all_versions().decode(value, opener, into);
}

std::string data_json(const event& any) {
  std::string out;
  std::visit([&](const auto& payload) { append_data(out, payload, {}); }, any);
  return out;
}

} // namespace reverie::events
