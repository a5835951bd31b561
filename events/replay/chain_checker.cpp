#include "events/replay/chain_checker.hpp"

namespace reverie::events {

std::string to_string(const log_difference& difference) {
  return to_string(difference.position) + " " + to_string(difference.entity) + " #" + std::to_string(difference.sequence.value) + ": " +
         difference.what;
}

std::optional<std::string> chain_checker::broken_link(const record& content) {
  const auto& headers = content.headers;
  auto [last, first_seen] = last_hashes_.try_emplace(headers.entity);
  // An entity met in its middle (a start behind the beginning) is taken on trust up to there.
  bool linked = first_seen ? headers.first_sequence.value > 1 || headers.previous_hash == chain_hash{} : headers.previous_hash == last->second;
  last->second = headers.hash;
  if (!linked) return "the chain is broken: its link to the record before is not that record's hash";
  if (hash_of(content) != headers.hash) return "the record was changed: its hash is not that of its content";
  return std::nullopt;
}

chain_checker::finding chain_checker::check(const stored_record& stored, bool hashes) {
  finding found;
  const auto& content = stored.content;
  auto expected = rule_.next_of(content.headers.entity);
  found.verdict = rule_.admit(content);
  std::optional<std::string> what;
  if (found.verdict == record_verdict::gap) what = "a gap: number " + std::to_string(expected.value) + " was expected";
  if (found.verdict == record_verdict::counts && hashes) what = broken_link(content);
  if (what) found.difference = {stored.position, content.headers.entity, content.headers.first_sequence, std::move(*what)};
  return found;
}

} // namespace reverie::events
