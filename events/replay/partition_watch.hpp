#pragma once

#include "events/log/epoch_rule.hpp"
#include "events/log/event_log.hpp"
#include "events/replay/chain_checker.hpp"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

namespace reverie::events {

/// Who owned a partition from where on.
struct partition_owner {
  epoch_number epoch{};
  writer_id writer{};
  std::string node;
  log_position position{};
  timestamp at{};
};

/// Follows one partition from its start, in steps: who owned it, which records do not count, whether hashes and chains hold. Its memory is
/// bounded: of entities it keeps those seen lately, so that a chain whose last link lies far back is not checked there (a full replay does).
/// Steps come from one thread; what was learned can be asked from any.
class partition_watch {
public:
  partition_watch(event_log& log, partition_number partition, std::size_t entities_max = 100'000, std::size_t marks_max = 100'000)
      : log_(log), partition_(partition), entities_max_(entities_max), marks_max_(marks_max) {}

  /// Gets each record that was looked at, with what it is worth.
  using seeing = std::function<void(const stored_record&, record_verdict)>;
  /// Looks at up to so many records; how many there were. Fails when the log can't be read; it goes on from there next time.
  outcome<std::size_t> step(std::size_t records_max, const seeing& seen = {});

  struct standing {
    log_offset next{};
    std::uint64_t records = 0, counted = 0, fenced = 0, repeated = 0, gaps = 0, differences = 0;
  };
  standing now() const;
  /// What has to be stored to go on from here later.
  struct memory {
    standing at;
    counting_pair pair;
    std::vector<partition_owner> owners;                       ///< oldest first
    std::vector<std::pair<log_offset, record_verdict>> marks;  ///< of records that do not count, the first ones
  };
  memory remembered() const;
  /// Gives next sequence and last link of an entity that was met before.
  using finding_tips = std::function<std::optional<std::pair<sequence_number, chain_hash>>(const entity_ref&)>;
  /// Goes on from there. To be called before the first step.
  void go_on(memory from, finding_tips find_tip);
  /// What a record is worth; nothing while it was not looked at, or when too many did not count to be kept in mind.
  std::optional<record_verdict> verdict_of(log_offset offset) const;
  std::vector<partition_owner> owners() const; ///< oldest first
  /// Differences found since they were taken last.
  std::vector<log_difference> take_differences();

private:
  struct tip {
    sequence_number next{};
    chain_hash hash{};
  };
  record_verdict look(const stored_record& stored);
  record_verdict judge(const record& content);
  const tip* find(const entity_ref& entity);
  void remember(const entity_ref& entity, tip of);
  void differ(const stored_record& stored, std::string what);

  event_log& log_;
  const partition_number partition_;
  const std::size_t entities_max_, marks_max_;
  std::unique_ptr<log_reader> reader_;
  std::vector<stored_record> batch_;
  counting_pair pair_;
  finding_tips before_; ///< entities met before this process
  std::unordered_map<entity_ref, tip> recent_, older_; ///< when the first is full it becomes the second

  mutable std::mutex mutex_;
  standing now_;
  std::map<log_offset, record_verdict> marks_; ///< of records that do not count
  std::vector<partition_owner> owners_;
  std::vector<log_difference> differences_;
};

} // namespace reverie::events
