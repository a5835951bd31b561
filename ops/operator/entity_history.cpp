#include "ops/operator/entity_history.hpp"

#include "events/model/limits.hpp"

#include <algorithm>
#include <future>

namespace reverie::ops {

using events::outcome;
using events::sequence_number;

namespace {

constexpr auto page_within = std::chrono::seconds(20);

/// Behind an event, by its sequence alone.
std::optional<events::entity_position> after_event(std::uint64_t sequence) {
  if (sequence == 0) return std::nullopt;
  return events::entity_position{{}, {sequence}};
}

} // namespace

events::entity_position entity_history::behind(const actors::entity_update& record) {
  return {record.position, record.happened.empty() ? sequence_number{} : record.happened.back().context.sequence};
}

outcome<entity_history::updates> entity_history::page(std::optional<events::entity_position> place, std::size_t records_max, std::chrono::milliseconds within) {
  auto answer = std::make_shared<std::promise<outcome<updates>>>();
  auto coming = answer->get_future();
  node_.read_history(of_, place, std::min(records_max, events::limits::history_page_updates), [answer](outcome<updates> page) { answer->set_value(std::move(page)); });
  if (coming.wait_for(within) != std::future_status::ready) return events::fail(events::failure_code::timed_out, "the history was not read in time");
  return coming.get();
}

outcome<entity_history::updates> entity_history::after(std::optional<events::entity_position> place, std::size_t records_max) {
  updates all;
  while (all.size() < records_max) {
    auto page = this->page(place, records_max - all.size(), page_within);
    if (!page) return page;
    if (page->empty()) break;
    all.insert(all.end(), page->begin(), page->end());
    place = behind(*all.back());
  }
  return all;
}

/// A record has one event at least: as many events before a place hold no fewer records than there may be. Where records have more, it goes
/// on before them.
outcome<entity_history::updates> entity_history::before(sequence_number sequence, std::size_t records_max) {
  updates all;
  auto end = sequence.value;
  while (end > 1 && all.size() < records_max) {
    const auto wanted = records_max - all.size();
    auto page = after(after_event(end - 1 - std::min<std::uint64_t>(end - 1, wanted)), wanted);
    if (!page) return page;
    std::erase_if(*page, [&](const auto& each) { return each->happened.empty() || each->happened.front().context.sequence.value >= end; });
    if (page->empty()) break;
    end = page->front()->happened.front().context.sequence.value;
    all.insert(all.end(), page->rbegin(), page->rend());
  }
  return all;
}

/// By doubling, then by halving.
outcome<sequence_number> entity_history::last_sequence() {
  std::uint64_t low = 0, high = 0;
  for (bool more = true; more;) {
    const auto page = this->page(after_event(high), 1, page_within);
    if (!page) return std::unexpected(page.error());
    more = !page->empty() && !page->front()->happened.empty();
    if (!more) break;
    low = page->front()->happened.back().context.sequence.value;
    high = low * 2;
  }
  while (low < high) {
    const auto middle = low + (high - low) / 2;
    const auto page = this->page(after_event(middle), 1, page_within);
    if (!page) return std::unexpected(page.error());
    if (page->empty() || page->front()->happened.empty()) high = middle;
    else low = page->front()->happened.back().context.sequence.value;
  }
  return sequence_number{low};
}

} // namespace reverie::ops
