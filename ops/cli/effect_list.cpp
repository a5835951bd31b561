#include "ops/cli/effect_list.hpp"

#include "ops/cli/progress_bar.hpp"

#include <format>

namespace reverie::ops {

using events::outcome;
using nlohmann::ordered_json;

namespace {

constexpr std::size_t page_items = 200;

/// What a page says of partitions that could not be asked, of those that are meant.
void note_unreachable(const ordered_json& page, const effect_choice& which, std::set<std::uint32_t>& into) {
  for (const auto& each : page.value("unreachable", ordered_json::array()))
    if (each.is_number_unsigned() && (!which.partition || *which.partition == each.get<std::uint32_t>())) into.insert(each.get<std::uint32_t>());
}

} // namespace

bool effect_choice::fits(const ordered_json& item) const {
  const auto is = [&](const char* field, const std::optional<std::string>& wanted) { return !wanted || item.value(field, std::string()) == *wanted; };
  return is("id", id) && is("entity", entity) && is("kind", kind) && (state.empty() || item.value("state", std::string()) == state) &&
         (!partition || item.value("partition", std::uint64_t{0}) == *partition);
}

outcome<found_effects> find_effects(operator_calls& server, const effect_choice& which, std::size_t items_max) {
  found_effects found;
  const auto query = "/effects?page_size=" + std::to_string(page_items) + (which.state.empty() ? "" : "&state=" + which.state);
  std::string cursor;
  for (std::size_t looked_at = 0;;) {
    const auto page = server.get(query + (cursor.empty() ? "" : "&cursor=" + query_value(cursor)));
    if (!page) return std::unexpected(page.error());
    if (looked_at == 0)
      for (const char* field : {"depth", "failed", "oldest_s", "alert"}) found.totals[field] = page->value(field, ordered_json());
    note_unreachable(*page, which, found.unreachable);
    const auto items = page->value("items", ordered_json::array());
    for (const auto& item : items) {
      if (!which.fits(item)) continue;
      if (found.items.size() == items_max) {
        found.more = true;
        return found;
      }
      found.items.push_back(item);
    }
    looked_at += items.size();
    if (which.id && !found.items.empty()) return found;
    if (!page->value("has_more", false)) return found;
    if (looked_at >= effects_looked_at_max || items.empty()) {
      found.more = true;
      return found;
    }
    cursor = page->value("next_cursor", std::string());
  }
}

std::string line_of_unreachable(const std::set<std::uint32_t>& partitions) {
  std::string numbers;
  for (const auto each : partitions) numbers += (numbers.empty() ? "" : ", ") + std::to_string(each);
  return std::format("partition{} {} could not be asked: what waits there or failed is not known", partitions.size() == 1 ? "" : "s", numbers);
}

std::string line_of_effect(const ordered_json& item) {
  const auto text = [&](const char* field) { return item.contains(field) && item[field].is_string() ? item[field].get<std::string>() : std::string(); };
  const auto problem = text("problem");
  return std::format("{}  {:<7}  {}  {}  partition {}  {} old, tried {} times{}{}", text("id"), text("state"), text("kind"), text("entity"),
                     item.value("partition", std::uint64_t{0}), time_text(item.value("age_s", 0.0)), item.value("attempts", std::uint64_t{0}), problem.empty() ? "" : ": ", problem);
}

} // namespace reverie::ops
