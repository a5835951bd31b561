#pragma once

#include "events/kafka/kafka_cluster.hpp"
#include "events/log/partition_assignment.hpp"

#include <mutex>
#include <set>
#include <thread>

namespace reverie::events {

struct kafka_group_options {
  kafka_cluster cluster;
  std::string group = "reverie"; ///< nodes with the same one share the partitions
  std::string member;            ///< the node's name for ever (group.instance.id): who comes back under it gets the same partitions
  /// A member that is not heard of this long is taken for dead. The broker's own bounds hold (6 s to 30 min).
  std::chrono::milliseconds session{6'000};
  std::chrono::milliseconds heartbeat{1'000};
  /// Past it a member that does not finish `revoked` is taken for dead.
  std::chrono::milliseconds revoke_within{30'000};
  /// Whether this node's work goes on. A member whose heart beats while its actors stand still would keep partitions that nobody serves:
  /// while this says no, it is not a member.
  std::function<bool()> works = [] { return true; };
};

/// Membership in a consumer group of Kafka (classic protocol, cooperative-sticky, static members): nothing is read through it, and no
/// offset is committed.
class kafka_group : public partition_assignment, private kafka_listener {
public:
  explicit kafka_group(kafka_group_options options);
  ~kafka_group() override;

  outcome<void> join(assignment_listener listener) override;
  void leave() override;
  std::string problem() const override;

private:
  outcome<void> open();
  void run(std::stop_token stop);
  void rebalanced(rd_kafka_t& handle, rd_kafka_resp_err_t what, rd_kafka_topic_partition_list_t& list) override;
  void assign(rd_kafka_t& handle, rd_kafka_topic_partition_list_t& list);
  void revoke(rd_kafka_t& handle, rd_kafka_topic_partition_list_t& list, bool lost);
  void take(const rd_kafka_message_t& message);
  /// What the group's last word means: it took us for two, or another process has our name.
  void end_of_membership(rd_kafka_resp_err_t fatal, std::string_view why);
  /// Comes back under its name when nobody else has it.
  void look_who_has_the_name();
  /// Out of the group without a word: everything is somebody else's when the session ends.
  void fall_silent(std::string why);
  void set_problem(std::string why);

  const kafka_group_options options_;
  assignment_listener listener_;
  kafka_handle handle_; ///< null while this node's work stands still, or after it was shut out
  std::set<partition_number> held_;
  bool silent_ = false;   ///< while it is closed without a word
  bool shut_out_ = false; ///< another process is this member now
  std::chrono::steady_clock::time_point looks_at_; ///< when it is asked again whether that is still so
  int own_shadows_ = 0;                            ///< how often in a row it was shut out when it had nothing that another could have taken
  mutable std::mutex mutex_;
  std::string problem_;
  std::jthread thread_;
};

} // namespace reverie::events
