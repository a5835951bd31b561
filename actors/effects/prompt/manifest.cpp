#include "actors/effects/prompt/manifest.hpp"

#include "actors/domain/sorted_ids.hpp"
#include "actors/effects/prompt/token_estimate.hpp"

#include <format>
#include <nlohmann/json.hpp>
#include <xxhash.h>

namespace reverie::actors::prompt {

void manifest::add(std::string_view kind, std::string_view id, std::string_view text, std::string_view reason,
                   std::optional<double> score, bool kept) {
  pieces_.push_back({std::string(kind), std::string(id), std::format("{:016x}", XXH3_64bits(text.data(), text.size())),
                     std::string(reason), text.size(), estimate_tokens(text), score, kept});
}

void manifest::kept(std::string_view kind, std::string_view id, std::string_view text, std::optional<double> score) {
  add(kind, id, text, {}, score, true);
}

void manifest::cut(std::string_view kind, std::string_view id, std::string_view text, std::string_view reason,
                   std::optional<double> score) {
  add(kind, id, text, reason, score, false);
}

void manifest::say(std::string_view name, std::string_view value) { words_.emplace_back(name, value); }
void manifest::count(std::string_view name, std::size_t value) { counts_.emplace_back(name, value); }

std::vector<events::memory_id> manifest::kept_memories() const {
  std::vector<events::memory_id> memories;
  for (const auto& each : pieces_)
    if (const auto id = each.kept && each.kind == "memory" ? events::parse_uuid(each.id) : std::nullopt) insert_id(memories, events::memory_id{*id});
  return memories;
}

std::string manifest::json() const {
  nlohmann::ordered_json all;
  for (const auto& [name, value] : words_) all[name] = value;
  for (const auto& [name, value] : counts_) all[name] = value;
  all["pieces"] = nlohmann::ordered_json::array();
  for (const auto& each : pieces_) {
    nlohmann::ordered_json one{{"kind", each.kind}};
    if (!each.id.empty()) one["id"] = each.id;
    one["length"] = each.length;
    one["hash"] = each.hash;
    one["tokens"] = each.tokens;
    if (each.score) one["score"] = *each.score;
    one["kept"] = each.kept;
    if (!each.reason.empty()) one["reason"] = each.reason;
    all["pieces"].push_back(std::move(one));
  }
  return all.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

} // namespace reverie::actors::prompt
