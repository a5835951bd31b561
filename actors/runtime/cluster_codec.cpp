#include "actors/runtime/cluster_codec.hpp"

#include "actors/domain/effect.hpp"
#include "events/vault/sealed_box.hpp"
#include "events/codec/event_codec.hpp"
#include "events/codec/fields_json.hpp"

namespace reverie::actors::runtime::cluster {

using events::fail;
using events::failure_code;
using events::field;
using events::outcome;

namespace {

struct command_text {
  events::command_id id{};
  events::correlation_id correlation{};
  events::user_id caller{};
  events::entity_address target{};
  std::string name;
  std::string content;
  std::optional<events::entity_ref> cause;
  std::uint64_t cause_sequence = 0;
  static constexpr auto fields =
      std::tuple{field("id", &command_text::id),           field("correlation", &command_text::correlation),
                 field("caller", &command_text::caller),   field("target", &command_text::target),
                 field("name", &command_text::name),       field("content", &command_text::content),
                 field("cause", &command_text::cause),     field("cause_sequence", &command_text::cause_sequence)};
};

struct answer_text {
  events::uuid subject{};
  events::log_position position{};
  bool changed = true, repeated = false;
  std::uint64_t sequence = 0;
  static constexpr auto fields = std::tuple{field("subject", &answer_text::subject), field("position", &answer_text::position),
                                            field("changed", &answer_text::changed), field("repeated", &answer_text::repeated),
                                            field("sequence", &answer_text::sequence)};
};

/// Personal fields stand open in `value`: the network seals whole frames.
struct update_text {
  events::entity_address entity{};
  events::log_position position{};
  std::uint64_t first_sequence = 0;
  events::timestamp at{};
  events::command_id command{};
  events::correlation_id correlation{};
  std::string value;
  static constexpr auto fields =
      std::tuple{field("entity", &update_text::entity),   field("position", &update_text::position),
                 field("first_sequence", &update_text::first_sequence), field("at", &update_text::at),
                 field("command", &update_text::command), field("correlation", &update_text::correlation),
                 field("value", &update_text::value)};
};

struct updates_text {
  std::vector<update_text> updates;
  static constexpr auto fields = std::tuple{field("updates", &updates_text::updates)};
};

struct state_text {
  std::uint64_t sequence = 0;
  std::string json;
  static constexpr auto fields = std::tuple{field("sequence", &state_text::sequence), field("json", &state_text::json)};
};

struct blob_text {
  events::entity_address entity{};
  std::uint64_t last_sequence = 0;
  events::chain_hash last_hash{};
  std::uint32_t schema_version = 1;
  std::array<std::uint8_t, 16> state_hash{};
  std::string bytes; ///< base64
  static constexpr auto fields =
      std::tuple{field("entity", &blob_text::entity),                 field("last_sequence", &blob_text::last_sequence),
                 field("last_hash", &blob_text::last_hash),           field("schema_version", &blob_text::schema_version),
                 field("state_hash", &blob_text::state_hash),         field("bytes", &blob_text::bytes)};
};

/// Tries the alternatives of one kind's variant in turn; nothing when none has the name.
template <class Command, std::size_t Index = 0>
outcome<std::optional<any_command>> command_of(std::string_view name, std::string_view content) {
  if constexpr (Index == std::variant_size_v<Command>) {
    return std::optional<any_command>{};
  } else {
    using one = std::variant_alternative_t<Index, Command>;
    if (name != one::name) return command_of<Command, Index + 1>(name, content);
    auto read = events::from_canonical_json<one>(content);
    if (!read) return std::unexpected(std::move(read.error()));
    return std::optional<any_command>{Command{std::move(*read)}};
  }
}

template <std::size_t Index = 0>
outcome<any_command> any_command_of(std::string_view name, std::string_view content) {
  if constexpr (Index == std::variant_size_v<any_command>) {
    return fail(failure_code::unknown_version, "another node sent a command that this build does not know: " + std::string(name));
  } else {
    auto found = command_of<std::variant_alternative_t<Index, any_command>>(name, content);
    if (!found) return std::unexpected(std::move(found.error()));
    if (*found) return std::move(**found);
    return any_command_of<Index + 1>(name, content);
  }
}

} // namespace

std::string to_text(const command_envelope& envelope) {
  command_text text{envelope.id, envelope.correlation, envelope.caller, envelope.target, std::string(name_of(envelope.command)), {}, {}, 0};
  std::visit([&](const auto& of_kind) { std::visit([&](const auto& one) { text.content = events::to_canonical_json(one); }, of_kind); },
             envelope.command);
  if (envelope.cause) {
    text.cause = envelope.cause->entity;
    text.cause_sequence = envelope.cause->sequence.value;
  }
  return events::to_canonical_json(text);
}

outcome<command_envelope> envelope_of(std::string_view text) {
  auto read = events::from_canonical_json<command_text>(text);
  if (!read) return std::unexpected(std::move(read.error()));
  auto command = any_command_of(read->name, read->content);
  if (!command) return std::unexpected(std::move(command.error()));
  command_envelope envelope{read->id, read->correlation, read->caller, read->target, std::move(*command), std::nullopt};
  if (read->cause) envelope.cause = events::event_cause{*read->cause, {read->cause_sequence}};
  return envelope;
}

std::string to_text(const command_answer& answer) {
  return events::to_canonical_json(answer_text{answer.subject, answer.position, answer.changed, answer.repeated, answer.sequence.value});
}

outcome<command_answer> answer_of(std::string_view text) {
  auto read = events::from_canonical_json<answer_text>(text);
  if (!read) return std::unexpected(std::move(read.error()));
  return command_answer{read->subject, read->position, read->changed, read->repeated, {read->sequence}};
}

std::string to_text(const std::vector<shared_update>& updates) {
  updates_text text;
  for (const auto& each : updates) {
    if (each->happened.empty()) continue;
    std::vector<events::event> payloads;
    for (const auto& one : each->happened) payloads.push_back(one.payload);
    const auto& first = each->happened.front().context;
    text.updates.push_back({each->entity, each->position, first.sequence.value, first.at, first.command, first.correlation,
                            events::encode_events(payloads, {})});
  }
  return events::to_canonical_json(text);
}

outcome<std::vector<shared_update>> updates_of(std::string_view text) {
  auto read = events::from_canonical_json<updates_text>(text);
  if (!read) return std::unexpected(std::move(read.error()));
  std::vector<shared_update> updates;
  for (const auto& each : read->updates) {
    auto decoded = events::decode_events(each.value, {});
    if (!decoded) return std::unexpected(std::move(decoded.error()));
    entity_update update{each.entity, each.position, {}};
    auto sequence = each.first_sequence;
    for (auto& payload : decoded->events)
      update.happened.push_back({{each.entity, each.position, {sequence++}, each.at, each.command, each.correlation}, std::move(payload)});
    updates.push_back(std::make_shared<const entity_update>(std::move(update)));
  }
  return updates;
}

std::string to_text(const owned_state& state) { return events::to_canonical_json(state_text{state.sequence.value, state.json}); }

outcome<owned_state> state_of(std::string_view text) {
  auto read = events::from_canonical_json<state_text>(text);
  if (!read) return std::unexpected(std::move(read.error()));
  return owned_state{{read->sequence}, std::move(read->json)};
}

std::string to_text(const events::entity_blob& blob) {
  return events::to_canonical_json(
      blob_text{blob.address, blob.last_sequence.value, blob.last_hash, blob.schema_version, blob.state_hash, events::sealed_box::to_base64(blob.bytes)});
}

outcome<events::entity_blob> blob_of(std::string_view text) {
  auto read = events::from_canonical_json<blob_text>(text);
  if (!read) return std::unexpected(std::move(read.error()));
  auto bytes = events::sealed_box::from_base64(read->bytes);
  if (!bytes) return std::unexpected(std::move(bytes.error()));
  return events::entity_blob{read->entity, {read->last_sequence}, read->last_hash, read->schema_version, read->state_hash, std::move(*bytes)};
}

} // namespace reverie::actors::runtime::cluster
