#pragma once

#include "events/log/epoch_rule.hpp"

#include <optional>
#include <string>
#include <unordered_map>

namespace reverie::events {

/// Something in the log that is not as it must be, and exactly where.
struct log_difference {
  log_position position{};
  entity_ref entity{};
  sequence_number sequence{};
  std::string what; ///< a sentence; never personal text
};

/// `partition:offset entity #sequence: what`, for people.
std::string to_string(const log_difference& difference);

/// Follows the records of one partition: which count, and whether each entity's chain holds. One thread.
class chain_checker {
public:
  chain_checker() = default;
  using links = std::unordered_map<entity_ref, chain_hash>;

  /// From a place on: with the rule's state there, and the last link of each entity as far as it is known.
  explicit chain_checker(epoch_rule rule, links last = {}) : rule_(std::move(rule)), last_hashes_(std::move(last)) {}

  struct finding {
    record_verdict verdict = record_verdict::counts;
    std::optional<log_difference> difference; ///< a gap, a hash that is not the content's, a link that is not the one before
  };
  /// Judges the next record of the partition. With `hashes` false only the rule is applied.
  finding check(const stored_record& stored, bool hashes);

  const epoch_rule& rule() const { return rule_; }
  std::size_t entities() const { return rule_.next().size(); }

private:
  std::optional<std::string> broken_link(const record& content);

  epoch_rule rule_;
  links last_hashes_;
};

} // namespace reverie::events
