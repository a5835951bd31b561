#include "ops/cli/state_file.hpp"

#include <sodium.h>

#include <deque>
#include <istream>
#include <map>
#include <ostream>
#include <unordered_map>

namespace reverie::ops {

namespace {

using events::fail;
using events::failure_code;
using events::outcome;
using nlohmann::json;

constexpr int file_format = 1;
constexpr auto text_variant = sodium_base64_VARIANT_ORIGINAL;

std::string context_of(const events::entity_ref& entity) { return "saved state/" + events::to_string(entity); }

std::string base64_of(std::string_view bytes) {
  std::string text(sodium_base64_encoded_len(bytes.size(), text_variant), '\0');
  sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), text_variant);
  text.pop_back(); // the zero at its end
  return text;
}

outcome<std::string> bytes_of(std::string_view text) {
  std::string bytes(text.size(), '\0');
  std::size_t size = 0;
  if (sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(), text.size(), nullptr, &size, nullptr, text_variant) != 0)
    return fail(failure_code::malformed, "a saved state is not base64");
  bytes.resize(size);
  return bytes;
}

struct folded_state {
  events::entity_address address{};
  events::sequence_number sequence{};
  std::unique_ptr<actors::entity_logic> logic;
  bool redacted = false;
};

/// Folds the entities of one partition, each up to the sequence that is wanted of it.
class state_folder final : public events::replay_visitor {
public:
  using wanted_sequences = std::unordered_map<events::entity_ref, std::uint64_t>;

  state_folder(const state_folding& how, const wanted_sequences* wanted) : how_(how), wanted_(wanted) {}

  void on_event(events::recorded_event& each, bool redacted) override {
    const auto& address = each.context.entity;
    if (address.entity.kind == events::entity_kind::partition || (how_.kind && address.entity.kind != *how_.kind)) return;
    if (wanted_ != nullptr) {
      const auto until = wanted_->find(address.entity);
      if (until == wanted_->end() || each.context.sequence.value > until->second) return;
    }
    auto& state = states[address.entity];
    if (!state.logic) {
      state.address = address;
      state.logic = how_.make_logic(address.entity.kind);
    }
    state.logic->evolve(each.payload, each.context);
    state.sequence = each.context.sequence;
    state.redacted = state.redacted || redacted;
  }

  std::map<events::entity_ref, folded_state> states;

private:
  const state_folding& how_;
  const wanted_sequences* wanted_;
};

/// One for each partition.
std::deque<state_folder> folders_of(const state_folding& how, const state_folder::wanted_sequences* wanted) {
  std::deque<state_folder> folders;
  for (std::uint32_t i = 0; i < how.log.partitions(); ++i) folders.emplace_back(how, wanted);
  return folders;
}

outcome<events::replay_report> fold_all(const state_folding& how, std::deque<state_folder>& folders) {
  return events::replay_log(how.log, how.replay, how.threads, [&](events::partition_number number) { return &folders[number.value]; });
}

outcome<json> line_of(const state_folding& how, const folded_state& state) {
  auto text = state.logic->state_json();
  const auto person = actors::sealed_for(state.address, *state.logic, nullptr);
  json line{{"entity", events::to_string(state.address.entity)}, {"sequence", state.sequence.value}};
  if (person.value.is_nil()) {
    line["state"] = base64_of(text);
    return line;
  }
  const auto key = how.keys.load(person);
  if (!key) return std::unexpected(key.error());
  line["person"] = events::to_string(person.value);
  line["state"] = base64_of(events::seal_bytes(**key, context_of(state.address.entity), text));
  return line;
}

struct saved_line {
  events::entity_ref entity{};
  std::uint64_t sequence = 0;
  std::optional<events::user_id> person;
  std::string state;
};

outcome<saved_line> parse_line(const std::string& text) {
  const auto broken = [] { return fail(failure_code::malformed, "a line of the file is no saved state"); };
  const auto line = json::parse(text, nullptr, false);
  if (!line.is_object() || !line.contains("entity") || !line.contains("sequence") || !line.contains("state")) return broken();
  if (!line["entity"].is_string() || !line["sequence"].is_number_unsigned() || !line["state"].is_string()) return broken();
  const auto entity = events::parse_entity(line["entity"].get<std::string>());
  auto state = bytes_of(line["state"].get<std::string>());
  if (!entity || !state) return broken();
  saved_line found{*entity, line["sequence"].get<std::uint64_t>(), std::nullopt, std::move(*state)};
  if (line.contains("person")) {
    const auto person = line["person"].is_string() ? events::parse_uuid(line["person"].get<std::string>()) : std::nullopt;
    if (!person) return broken();
    found.person = events::user_id{*person};
  }
  return found;
}

outcome<std::vector<saved_line>> read_lines(const state_folding& how, std::istream& in) {
  std::string text;
  const auto head = std::getline(in, text) ? json::parse(text, nullptr, false) : json();
  if (!head.is_object() || head.value("reverie_states", 0) != file_format) return fail(failure_code::malformed, "this is no file of saved states");
  std::vector<saved_line> lines;
  while (std::getline(in, text)) {
    auto line = parse_line(text);
    if (!line) return std::unexpected(line.error());
    if (!how.kind || line->entity.kind == *how.kind) lines.push_back(std::move(*line));
  }
  return lines;
}

/// The saved state; nothing when its person was erased.
outcome<std::optional<std::string>> opened(const state_folding& how, const saved_line& line) {
  if (!line.person) return line.state;
  const auto key = how.keys.load(*line.person);
  if (!key && key.error().code == failure_code::key_destroyed) return std::optional<std::string>{};
  if (!key) return std::unexpected(key.error());
  auto text = events::unseal_bytes(**key, context_of(line.entity), line.state);
  if (!text) return std::unexpected(text.error());
  return std::optional(std::move(*text));
}

} // namespace

outcome<saved_states> save_states(const state_folding& how, std::ostream& out) {
  auto folders = folders_of(how, nullptr);
  const auto folded = fold_all(how, folders);
  if (!folded) return std::unexpected(folded.error());
  if (folded->differences > 0) return fail(failure_code::corrupted, "the log is not whole: `reverie replay --all --verify` says where");
  saved_states done{.records = folded->records};
  out << json{{"reverie_states", file_format}} << '\n';
  for (const auto& folder : folders) {
    for (const auto& [entity, state] : folder.states) {
      if (state.redacted) {
        ++done.erased;
        continue;
      }
      const auto line = line_of(how, state);
      if (!line) return std::unexpected(line.error());
      out << *line << '\n';
      ++done.entities;
    }
  }
  if (!out.flush()) return fail(failure_code::no_space, "the states could not be written");
  return done;
}

outcome<compared_states> compare_states(const state_folding& how, std::istream& in, const std::function<void(const state_difference&)>& differs) {
  const auto lines = read_lines(how, in);
  if (!lines) return std::unexpected(lines.error());
  state_folder::wanted_sequences wanted;
  for (const auto& each : *lines) wanted[each.entity] = each.sequence;
  auto folders = folders_of(how, &wanted);
  if (const auto folded = fold_all(how, folders); !folded) return std::unexpected(folded.error());
  compared_states done;
  for (const auto& each : *lines) {
    const folded_state* now = nullptr;
    for (const auto& folder : folders)
      if (const auto found = folder.states.find(each.entity); found != folder.states.end()) now = &found->second;
    const auto before = opened(how, each);
    if (!before) return std::unexpected(before.error());
    if (now == nullptr || now->redacted || now->sequence.value != each.sequence || !*before) {
      ++done.missing;
      continue;
    }
    ++done.entities;
    auto patch = json::diff(json::parse(**before, nullptr, false), json::parse(now->logic->state_json(), nullptr, false));
    if (patch.empty()) continue;
    ++done.differences;
    differs({events::to_string(each.entity), each.sequence, std::move(patch)});
  }
  return done;
}

} // namespace reverie::ops
