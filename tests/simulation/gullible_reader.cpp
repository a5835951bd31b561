#include "tests/simulation/gullible_reader.hpp"

namespace reverie::simulation {

using events::record_verdict;

void gullible_view::stamp(const seen_partition& seen, events::record& content) const {
  auto judged = seen.rule; // a copy says what the record would be worth
  const auto verdict = judged.admit(content);
  auto& headers = content.headers;
  if (headers.entity.kind == events::entity_kind::partition) return;
  if (bug_ == planted_bug::skip_epoch_check && verdict == record_verdict::fenced && seen.rule.pair().epoch.value > 0) {
    headers.epoch = seen.rule.pair().epoch;
    headers.writer = seen.rule.pair().writer;
  } else if (bug_ == planted_bug::forget_sequence_check && verdict == record_verdict::repeated) {
    headers.first_sequence = seen.rule.next_of(headers.entity);
    const auto tip = seen.tips.find(headers.entity);
    headers.previous_hash = tip == seen.tips.end() ? events::chain_hash{} : tip->second;
    headers.hash = events::hash_of(content);
  }
}

void gullible_view::take(seen_partition& seen, events::stored_record stored) {
  stamp(seen, stored.content);
  if (seen.rule.admit(stored.content) == record_verdict::counts) seen.tips[stored.content.headers.entity] = stored.content.headers.hash;
  seen.records.push_back(std::move(stored));
}

const events::stored_record* gullible_view::at(events::partition_number partition, events::log_offset offset) {
  auto& seen = seen_[partition];
  if (offset.value >= seen.records.size()) {
    std::vector<events::stored_record> fresh;
    auto reader = log_->reader(partition, {seen.records.size()});
    while (reader && *(*reader)->read(fresh, 1000, std::chrono::milliseconds{0}) > 0) {}
    for (auto& each : fresh) take(seen, std::move(each));
  }
  return offset.value < seen.records.size() ? &seen.records[offset.value] : nullptr;
}

events::outcome<std::size_t> gullible_reader::read(std::vector<events::stored_record>& out, std::size_t records_max,
                                                   std::chrono::milliseconds) {
  std::size_t taken = 0;
  for (; taken < records_max; ++taken) {
    const auto* found = view_->at(partition_, next_);
    if (found == nullptr) break;
    out.push_back(*found);
    next_ = next_.next();
  }
  return taken;
}

} // namespace reverie::simulation
