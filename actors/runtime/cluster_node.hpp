#pragma once

#include "actors/runtime/cluster_errands.hpp"
#include "actors/runtime/cluster_feed.hpp"
#include "actors/runtime/cluster_follower.hpp"
#include "actors/runtime/cluster_network.hpp"
#include "actors/runtime/cluster_questions.hpp"
#include "actors/runtime/node.hpp"

#include <map>
#include <set>

namespace reverie::actors::runtime {

struct cluster_options {
  std::string self; ///< this node's address (host:port), the one its announcements name
  std::chrono::milliseconds command_within = events::limits::command_deadline_ms;
  std::chrono::milliseconds read_within{10'000};
  log_follower::options follow;
  bool threads = true; ///< false: nothing goes on by itself, a test calls `look`
};

/// One node of several as the outside sees it: any user, any entity. What this node owns is done by its actors, the rest by the owners that
/// the log names; durable updates are read from the log here. Correctness does not rest on it: a command that went astray is given
/// again under its id, and the log decides. Thread-safe.
class cluster_node final : public actor_node, public std::enable_shared_from_this<cluster_node> {
public:
  static std::shared_ptr<cluster_node> make(cluster_options how, std::shared_ptr<node> local, node_ports ports,
                                            std::shared_ptr<peer_network> network);
  ~cluster_node() override;

  /// `unavailable` when the address can't be listened on.
  events::outcome<void> start();
  /// One look at the log and at what is to be tried again: for tests without threads. Answers whether the log had anything new.
  bool look();
  /// Whether something that was asked of other nodes has not come to its end.
  bool busy() const { return desk_->under_way() > 0; }
  /// What is under way is answered `unavailable`; the local node is stopped by who made it.
  void stop();

  void submit(command_envelope envelope, answer_callback done) override;
  std::shared_ptr<void> listen(events::user_id person, std::weak_ptr<update_listener> listener) override;
  void stop_reply(events::session_id session, events::user_id caller, answer_callback done) override;
  std::optional<live_reply> reply_under_way(events::session_id session) override;
  void read_history(events::entity_address entity, std::optional<events::entity_position> after, std::size_t updates_max,
                    std::function<void(events::outcome<std::vector<shared_update>>)> done) override;
  void inspect(events::entity_address entity, std::function<void(events::outcome<owned_state>)> done) override;
  /// Of partitions that are served elsewhere: not `serving`, where they are, and the rest as their owner said it a moment ago, or as far as
  /// this node has read.
  std::vector<partition_status> status() override;
  // cluster_questions.cpp: asked of the owner, wherever it is
  void effects(events::partition_number partition, std::size_t effects_max,
               std::function<void(events::outcome<std::vector<effect_status>>)> done) override;
  void stand(events::entity_address entity, std::function<void(events::outcome<entity_standing>)> done) override;
  void retry_effect(events::partition_number partition, events::effect_id id, std::function<void(events::outcome<void>)> done) override;
  extraction_counts extractions() override { return local_->extractions(); }

  /// Whether this node knows the way to everything.
  bool caught_up() const { return follower_->caught_up() && services().knows_slices(); }
  std::optional<partition_owner> owner_of(events::partition_number partition) const { return follower_->owner_of(partition); }

private:
  class ear;
  /// One person's feed with what keeps it fed; goes with the last who listens.
  struct feed_life;
  struct listening;

  cluster_node(cluster_options how, std::shared_ptr<node> local, node_ports ports, std::shared_ptr<peer_network> network);
  node_services& services() const { return local_->services(); }
  bool owns(events::partition_number partition) const;
  /// Whether this node's own part of a partition has read the log up to there.
  bool has_read(events::partition_number partition, events::log_offset next) const;

  // cluster_node.cpp: what is asked here
  void wire();
  void command_at_owner(events::partition_number partition, std::chrono::milliseconds due, cluster::frame_kind kind, std::string body,
                        std::function<void(answer_callback)> here, answer_callback done);
  template <class Result>
  struct reading;
  template <class Result>
  void read_at_owner(reading<Result> what);
  void visit_elsewhere(const events::entity_address& target, std::function<void(events::outcome<const entity_core*>)> visit);

  void ask_owner(cluster::question asked, std::function<void(events::outcome<std::string>)> done);

  // cluster_questions.cpp: what operators ask
  std::optional<partition_status> told_status(events::partition_number partition);
  void serve_question(const cluster::frame& asked);
  void answer_question(const cluster::question& wish, std::function<void(events::outcome<std::string>)> done);

  // cluster_serving.cpp: what other nodes ask
  void take_frame(const std::string& text);
  void serve(const cluster::frame& asked);
  void serve_command(const cluster::frame& asked);
  void serve_stop(const cluster::frame& asked);
  void serve_history(const cluster::frame& asked);
  void serve_inspect(const cluster::frame& asked);
  void serve_state(const cluster::frame& asked);
  void refuse_malformed(const cluster::frame& asked, const events::failure& why);
  answer_callback answering(const cluster::frame& asked, const events::uuid& slice_key);
  std::function<void(events::outcome<std::string>)> answering_read(const cluster::frame& asked, const events::uuid& slice_key);
  void answer(const std::string& to, std::uint64_t number, const cluster::reply_to_request& reply);
  bool send(const std::string& to, cluster::frame_kind kind, std::uint64_t number, const std::string& body);

  // cluster_hearing.cpp: what is heard of persons
  void take_hear(const cluster::frame& asked);
  void take_reply(const cluster::frame& said);
  void hear_at_owner(person_feed& feed, bool on);
  void hear_again(events::partition_number partition);
  void lose_node(const std::string& other);
  void note_alive(const std::string& other);
  bool is_alive(const std::string& other);
  void keep_in_touch();
  bool take_record(const events::stored_record& record);
  std::shared_ptr<feed_life> life_of(events::user_id person);

  const cluster_options how_;
  std::shared_ptr<node> local_;
  node_ports ports_;
  std::shared_ptr<peer_network> network_;
  std::shared_ptr<cluster::errand_desk> desk_;
  std::unique_ptr<log_follower> follower_;
  std::atomic<bool> stopped_{false};

  struct heard {
    std::shared_ptr<ear> with;
    std::shared_ptr<void> token;
  };
  std::shared_ptr<person_feed::reply_index> replying_ = std::make_shared<person_feed::reply_index>();
  std::mutex feeds_mutex_;
  std::unordered_map<events::user_id, std::weak_ptr<feed_life>> feeds_;
  std::mutex ears_mutex_;
  std::unordered_map<std::string, std::unordered_map<events::user_id, heard>> ears_; ///< of other nodes
  std::set<std::string> lost_nodes_;
  struct told_by_owner {
    std::optional<partition_status> status;
    std::chrono::steady_clock::time_point asked_at{}, at{};
  };
  std::mutex told_mutex_;
  std::map<events::partition_number, told_by_owner> told_;
  std::unordered_map<std::string, std::chrono::milliseconds> heard_at_; ///< other nodes
  std::chrono::milliseconds touched_at_{}; ///< of the desk's thread
};

/// Whether what a node answered says that it is not (or no more) the one to ask.
inline bool is_elsewhere(const command_outcome& result, bool served_all_the_time) {
  return !result && result.error().code == events::rejection_code::unavailable && !served_all_the_time;
}
template <class Result>
bool is_elsewhere(const events::outcome<Result>& result, bool served_all_the_time) {
  return !result && result.error().code == events::failure_code::unavailable && !served_all_the_time;
}

} // namespace reverie::actors::runtime
