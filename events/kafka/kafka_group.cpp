#include "events/kafka/kafka_group.hpp"

#include "events/kafka/kafka_membership.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace reverie::events {

namespace {

constexpr int poll_ms = 100;
constexpr std::chrono::milliseconds look_again{200};
constexpr int own_shadows_max = 3;

std::vector<partition_number> partitions_of(const rd_kafka_topic_partition_list_t& list) {
  std::vector<partition_number> all;
  for (int i = 0; i < list.cnt; ++i) all.push_back({static_cast<std::uint32_t>(list.elems[i].partition)});
  std::ranges::sort(all);
  return all;
}

std::string ms(std::chrono::milliseconds time) { return std::to_string(time.count()); }

} // namespace

kafka_group::kafka_group(kafka_group_options options) : kafka_listener(options_.cluster), options_(std::move(options)) {}

kafka_group::~kafka_group() { leave(); }

outcome<void> kafka_group::open() {
  auto handle = open_kafka(options_.cluster, kafka_role::member, *this,
                           {{"group.id", options_.group},
                            {"group.instance.id", options_.member},
                            {"session.timeout.ms", ms(options_.session)},
                            {"heartbeat.interval.ms", ms(options_.heartbeat)},
                            {"max.poll.interval.ms", ms(std::max(options_.revoke_within, options_.session))}});
  if (!handle) return std::unexpected(std::move(handle.error()));
  rd_kafka_poll_set_consumer(handle->get());
  kafka_partition_list topics(rd_kafka_topic_partition_list_new(1));
  rd_kafka_topic_partition_list_add(topics.get(), options_.cluster.topic.c_str(), RD_KAFKA_PARTITION_UA);
  if (auto error = rd_kafka_subscribe(handle->get(), topics.get()); error != RD_KAFKA_RESP_ERR_NO_ERROR)
    return failure_of(error, "can't join the group " + options_.group);
  handle_ = std::move(*handle);
  return {};
}

outcome<void> kafka_group::join(assignment_listener listener) {
  if (options_.member.empty()) return fail(failure_code::malformed, "a member of a group needs a name");
  listener_ = std::move(listener);
  set_problem("the group has not assigned anything yet");
  if (auto opened = open(); !opened) return opened;
  thread_ = std::jthread([this](std::stop_token stop) { run(stop); });
  return {};
}

void kafka_group::leave() {
  thread_ = {}; // gives back what it holds
}

std::string kafka_group::problem() const {
  std::lock_guard lock(mutex_);
  return problem_;
}

void kafka_group::set_problem(std::string why) {
  std::lock_guard lock(mutex_);
  problem_ = std::move(why);
}

void kafka_group::run(std::stop_token stop) {
  while (!stop.stop_requested()) {
    if (shut_out_) {
      if (std::chrono::steady_clock::now() >= looks_at_) look_who_has_the_name();
      std::this_thread::sleep_for(look_again);
    } else if (!options_.works()) {
      fall_silent("the node's actors stand still: it has left the group until they move");
      std::this_thread::sleep_for(look_again);
    } else if (!handle_) {
      set_problem("the group has not assigned anything yet");
      if (auto opened = open(); !opened) std::this_thread::sleep_for(look_again);
    } else if (kafka_message message(rd_kafka_consumer_poll(handle_.get(), poll_ms)); message) {
      take(*message);
    }
  }
  if (!handle_) return;
  rd_kafka_consumer_close(handle_.get()); // calls `revoked`; a static member keeps its place until its session ends
  handle_.reset();
}

/// Records that came before a partition was paused are not for us; errors are.
void kafka_group::take(const rd_kafka_message_t& message) {
  if (message.err == RD_KAFKA_RESP_ERR_NO_ERROR || message.err == RD_KAFKA_RESP_ERR__PARTITION_EOF) return;
  std::array<char, 512> why{};
  if (auto fatal = rd_kafka_fatal_error(handle_.get(), why.data(), why.size()); fatal != RD_KAFKA_RESP_ERR_NO_ERROR)
    return end_of_membership(fatal, why.data());
  say(4, std::string("group ") + options_.group + ": " + rd_kafka_message_errstr(&message));
}

/// Who lost its session joins anew, and the group takes what it said before that (a heartbeat sent again when the coordinator is back from
/// a restart, with librdkafka 2.8) for another process of the same name. Such a shadow is our own: we come back at once. To do that when it is
/// another process would shut it out, and so on.
void kafka_group::end_of_membership(rd_kafka_resp_err_t fatal, std::string_view why) {
  if (fatal != RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID) {
    shut_out_ = true;
    fall_silent("the group has shut this node out: " + std::string(why));
  } else if (held_.empty() && own_shadows_ < own_shadows_max) {
    ++own_shadows_;
    fall_silent("the group took this node for two");
  } else {
    shut_out_ = true;
    fall_silent("another process has joined the group " + options_.group + " under the name " + options_.member);
  }
  looks_at_ = std::chrono::steady_clock::now() + options_.session;
}

/// A member that ended, or a shadow of our own, is forgotten after its session; another process that lives is not.
void kafka_group::look_who_has_the_name() {
  looks_at_ = std::chrono::steady_clock::now() + options_.session;
  auto taken = has_member(options_.cluster, *this, options_.group, options_.member);
  if (!taken) return say(4, "group " + options_.group + ": " + taken.error().message);
  shut_out_ = *taken;
  own_shadows_ = 0;
}

void kafka_group::fall_silent(std::string why) {
  set_problem(std::move(why));
  if (!handle_) return;
  silent_ = true;
  rd_kafka_consumer_close(handle_.get());
  handle_.reset();
  silent_ = false;
  auto all = std::exchange(held_, {});
  if (!all.empty()) listener_.lost({all.begin(), all.end()});
}

void kafka_group::rebalanced(rd_kafka_t& handle, rd_kafka_resp_err_t what, rd_kafka_topic_partition_list_t& list) {
  if (what == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) assign(handle, list);
  else revoke(handle, list, rd_kafka_assignment_lost(&handle) != 0);
}

/// Nothing is to be fetched: the log has readers of its own. A place is named, as none is committed.
void kafka_group::assign(rd_kafka_t& handle, rd_kafka_topic_partition_list_t& list) {
  for (int i = 0; i < list.cnt; ++i) list.elems[i].offset = RD_KAFKA_OFFSET_END;
  kafka_error_handle failed(rd_kafka_incremental_assign(&handle, &list));
  rd_kafka_pause_partitions(&handle, &list);
  if (failed) return set_problem(std::string("what the group assigned can't be taken: ") + rd_kafka_error_string(failed.get()));
  set_problem({});
  auto given = partitions_of(list);
  held_.insert(given.begin(), given.end());
  own_shadows_ = 0;
  listener_.assigned(given);
}

void kafka_group::revoke(rd_kafka_t& handle, rd_kafka_topic_partition_list_t& list, bool lost) {
  auto taken = partitions_of(list);
  if (!silent_) {
    for (auto each : taken) held_.erase(each);
    if (!taken.empty()) (lost ? listener_.lost : listener_.revoked)(taken);
  }
  kafka_error_handle failed(rd_kafka_incremental_unassign(&handle, &list));
  if (failed) say(4, std::string("group ") + options_.group + ": " + rd_kafka_error_string(failed.get()));
}

} // namespace reverie::events
