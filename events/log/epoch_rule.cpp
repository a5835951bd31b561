#include "events/log/epoch_rule.hpp"

namespace reverie::events {

namespace {

bool announces_owner(const record_headers& headers) {
  return headers.entity.kind == entity_kind::partition && headers.types.size() == 1 &&
         headers.types.front().name == partition::owner_announced::name;
}

} // namespace

sequence_number epoch_rule::next_of(const entity_ref& entity) const {
  auto known = next_.find(entity);
  return known == next_.end() ? sequence_number{1} : known->second;
}

record_verdict epoch_rule::judge(const record& content) const {
  const auto& headers = content.headers;
  if (headers.types.empty()) return record_verdict::fenced;
  if (announces_owner(headers)) {
    if (headers.epoch.value != pair_.epoch.value + 1) return record_verdict::fenced;
  } else if (pair_.epoch.value == 0 || headers.epoch != pair_.epoch || headers.writer != pair_.writer) {
    return record_verdict::fenced;
  }
  auto next = next_of(headers.entity);
  if (headers.first_sequence < next) return record_verdict::repeated;
  if (headers.first_sequence > next) return record_verdict::gap;
  return record_verdict::counts;
}

record_verdict epoch_rule::admit(const record& content) {
  auto verdict = judge(content);
  switch (verdict) {
  case record_verdict::counts:
    ++counters_.counted;
    if (announces_owner(content.headers)) pair_ = {content.headers.epoch, content.headers.writer};
    next_[content.headers.entity] = content.last_sequence().next();
    break;
  case record_verdict::fenced: ++counters_.fenced; break;
  case record_verdict::repeated: ++counters_.repeated; break;
  case record_verdict::gap: ++counters_.gaps; break;
  }
  return verdict;
}

} // namespace reverie::events
