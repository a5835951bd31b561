#include "actors/effects/prompt/lorebook.hpp"

#include "actors/effects/prompt/token_estimate.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace reverie::actors::prompt {
namespace {

using nlohmann::json;

constexpr std::size_t default_scan_depth = 4;

bool flag_of(const json& entry, const char* name, bool otherwise) {
  const auto at = entry.find(name);
  return at != entry.end() && at->is_boolean() ? at->get<bool>() : otherwise;
}

double number_of(const json& entry, const char* name, double otherwise) {
  const auto at = entry.find(name);
  return at != entry.end() && at->is_number() ? at->get<double>() : otherwise;
}

std::string text_of(const json& entry, const char* name) {
  const auto at = entry.find(name);
  if (at == entry.end()) return {};
  return at->is_string() ? at->get<std::string>() : at->is_number() ? at->dump() : std::string{};
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

bool any_key_in(const json& entry, const char* name, const std::string& scanned, const std::string& scanned_lower) {
  const auto keys = entry.find(name);
  if (keys == entry.end() || !keys->is_array()) return false;
  const bool exact = flag_of(entry, "case_sensitive", false);
  return std::ranges::any_of(*keys, [&](const json& key) {
    if (!key.is_string() || key.get_ref<const std::string&>().empty()) return false;
    const auto& text = key.get_ref<const std::string&>();
    return exact ? scanned.contains(text) : scanned_lower.contains(lower(text));
  });
}

/// Decorators of V3 stand in lines of their own at the start.
std::string without_decorators(std::string content) {
  while (content.starts_with("@@")) {
    const auto end = content.find('\n');
    content.erase(0, end == std::string::npos ? content.size() : end + 1);
  }
  return content;
}

void keep_to_budget(std::vector<lore_entry>& entries, double budget) {
  std::vector<lore_entry*> by_priority;
  for (auto& entry : entries) by_priority.push_back(&entry);
  std::ranges::stable_sort(by_priority, std::ranges::greater{}, &lore_entry::priority);
  double used = 0;
  for (auto* entry : by_priority) {
    const auto tokens = static_cast<double>(estimate_tokens(entry->content));
    if (used + tokens > budget) entry->cut_reason = "lorebook token budget";
    else used += tokens;
  }
}

} // namespace

std::vector<lore_entry> called_up_entries(std::string_view lorebook_json, const std::vector<turn>& turns) {
  std::vector<lore_entry> found;
  const auto book = json::parse(lorebook_json, nullptr, false);
  if (!book.is_object() || !book.contains("entries") || !book["entries"].is_array()) return found;
  const auto depth = number_of(book, "scan_depth", default_scan_depth);
  std::string scanned;
  for (std::size_t i = turns.size(); i > 0 && static_cast<double>(turns.size() - i) < depth; --i) scanned += turns[i - 1].text + "\n";
  const auto scanned_lower = lower(scanned);
  for (const auto& entry : book["entries"]) {
    if (!entry.is_object() || !flag_of(entry, "enabled", true)) continue;
    const bool called = flag_of(entry, "constant", false) ||
                        (any_key_in(entry, "keys", scanned, scanned_lower) &&
                         (!flag_of(entry, "selective", false) || any_key_in(entry, "secondary_keys", scanned, scanned_lower)));
    auto content = without_decorators(text_of(entry, "content"));
    if (!called || content.empty()) continue;
    found.push_back({text_of(entry, "id"), std::move(content), text_of(entry, "position") != "after_char",
                     number_of(entry, "insertion_order", 100), number_of(entry, "priority", 0), {}});
  }
  std::ranges::stable_sort(found, {}, &lore_entry::insertion_order);
  if (const auto budget = number_of(book, "token_budget", 0); budget > 0) keep_to_budget(found, budget);
  return found;
}

} // namespace reverie::actors::prompt
