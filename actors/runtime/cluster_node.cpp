#include "actors/runtime/cluster_node.hpp"

#include "actors/runtime/entity_core.hpp"
#include "events/codec/fields_json.hpp"

#include <utility>

namespace reverie::actors::runtime {

using cluster::frame_kind;
using events::outcome;
using events::rejection;
using events::rejection_code;

namespace {

rejection too_long() {
  return {rejection_code::unavailable, "This takes too long right now. Try again.", {}, events::limits::overloaded_retry_after_ms.count()};
}
const events::failure not_reached{events::failure_code::unavailable, "the owner of this part can't be reached now", std::nullopt};

rejection starting() {
  return {rejection_code::unavailable, "The server is starting. Try again in a moment.", {}, events::limits::overloaded_retry_after_ms.count()};
}

command_outcome outcome_of(const cluster::reply_to_request& reply) {
  if (reply.refused)
    return std::unexpected(rejection{static_cast<rejection_code>(*reply.refused), reply.message, reply.param, reply.retry_after_ms});
  if (reply.failed) return std::unexpected(too_long());
  auto answer = cluster::answer_of(reply.body);
  if (!answer) return std::unexpected(too_long());
  return *answer;
}

} // namespace

/// A question that changes nothing.
template <class Result>
struct cluster_node::reading {
  events::partition_number partition{};
  frame_kind kind{};
  std::string body;
  std::function<void(std::function<void(outcome<Result>)>)> here;
  std::function<bool()> ready = {}; ///< whether it can be answered here yet; none: always
  std::function<outcome<Result>(std::string_view)> decode;
  std::function<void(outcome<Result>)> done;
};

std::shared_ptr<cluster_node> cluster_node::make(cluster_options how, std::shared_ptr<node> local, node_ports ports,
                                                 std::shared_ptr<peer_network> network) {
  std::shared_ptr<cluster_node> made(new cluster_node(std::move(how), std::move(local), std::move(ports), std::move(network)));
  made->wire();
  return made;
}

cluster_node::cluster_node(cluster_options how, std::shared_ptr<node> local, node_ports ports, std::shared_ptr<peer_network> network)
    : how_(std::move(how)), local_(std::move(local)), ports_(std::move(ports)), network_(std::move(network)) {}

cluster_node::~cluster_node() { stop(); }

void cluster_node::wire() {
  auto self = weak_from_this();
  cluster::errand_desk::ways ways;
  ways.self = how_.self;
  ways.owner_of = [self](events::partition_number partition) -> std::optional<std::string> {
    auto node = self.lock();
    auto owner = node ? node->follower_->owner_of(partition) : std::nullopt;
    if (node && node->services().serves(partition)) return node->how_.self; // known here before it is read by the follower
    return owner ? std::optional{owner->node} : std::nullopt;
  };
  ways.send = [self](const std::string& to, frame_kind kind, std::uint64_t number, const std::string& body) {
    auto node = self.lock();
    return node && node->send(to, kind, number, body);
  };
  ways.clock = services().ports.clock;
  ways.tick = [self] {
    if (auto node = self.lock()) node->keep_in_touch();
  };
  desk_ = std::make_shared<cluster::errand_desk>(std::move(ways));
  log_follower::listener told;
  told.owner_changed = [this](events::partition_number partition) {
    desk_->owner_changed(partition);
    hear_again(partition);
  };
  told.slices = [this](const events::slice_map& map) { services().learn(map); };
  told.counted = [this](const events::stored_record& record) { return take_record(record); };
  follower_ = std::make_unique<log_follower>(ports_.log, std::move(told), ports_.log_line, how_.follow);
  services().visit_elsewhere([self](const events::entity_address& target, std::function<void(outcome<const entity_core*>)> visit) {
    if (auto node = self.lock()) node->visit_elsewhere(target, std::move(visit));
    else visit(std::unexpected(not_reached));
  });
}

outcome<void> cluster_node::start() {
  auto started = network_->start({[this](const std::string& text) { take_frame(text); }, [this](const std::string& other) { lose_node(other); }});
  if (!started) return started;
  if (!how_.threads) return {};
  desk_->start();
  follower_->start();
  return {};
}

bool cluster_node::look() {
  if (stopped_) return false;
  const bool anything = follower_->look();
  desk_->look_once();
  return anything;
}

void cluster_node::stop() {
  if (stopped_.exchange(true)) return;
  follower_->stop();
  network_->stop();
  desk_->stop();
  std::lock_guard lock(ears_mutex_);
  ears_.clear();
}

bool cluster_node::owns(events::partition_number partition) const { return services().serves(partition); }

bool cluster_node::has_read(events::partition_number partition, events::log_offset next) const {
  const auto all = services().shown();
  return partition.value < all.size() && all[partition.value].log_end >= next;
}

void cluster_node::submit(command_envelope envelope, answer_callback done) {
  auto partition = services().partition_of(envelope.target.slice_key);
  if (!partition || stopped_) {
    if (done) done(std::unexpected(starting()));
    return;
  }
  auto shared = std::make_shared<const command_envelope>(std::move(envelope));
  auto here = [local = local_, shared](answer_callback told) { local->submit(*shared, std::move(told)); };
  const auto due = services().ports.clock->steady() + how_.command_within;
  if (!owns(*partition)) return command_at_owner(*partition, due, frame_kind::command, cluster::to_text(*shared), std::move(here), std::move(done));
  // Mostly it is done here, and no text is made of it.
  here([self = shared_from_this(), shared, partition = *partition, due, here, done = std::move(done)](command_outcome result) {
    if (is_elsewhere(result, self->owns(partition))) return self->command_at_owner(partition, due, frame_kind::command, cluster::to_text(*shared), here, done);
    if (done) done(std::move(result));
  });
}

/// `due`, of the clock that never goes back: what was tried here before counts as well.
void cluster_node::command_at_owner(events::partition_number partition, std::chrono::milliseconds due, frame_kind kind, std::string body,
                                    std::function<void(answer_callback)> here, answer_callback done) {
  if (!done) done = [](const command_outcome&) {};
  auto once = std::make_shared<once_told<command_outcome>>(std::move(done), std::unexpected(too_long()));
  cluster::errand what;
  what.partition = partition;
  what.kind = kind;
  what.body = std::move(body);
  what.within = due - services().ports.clock->steady();
  what.here = [this, keep = weak_from_this(), partition, here = std::move(here), once](std::function<void(bool)> ended) {
    auto self = keep.lock();
    if (!self) return;
    const bool served = owns(partition);
    here([self, partition, served, once, ended = std::move(ended)](command_outcome result) {
      if (is_elsewhere(result, served && self->owns(partition))) return ended(false);
      once->tell(std::move(result));
      ended(true);
    });
  };
  what.take = [once](const cluster::reply_to_request& reply) { once->tell(outcome_of(reply)); };
  what.give_up = [once] { once->tell(std::unexpected(too_long())); };
  desk_->run(std::move(what));
}

template <class Result>
void cluster_node::read_at_owner(reading<Result> asked) {
  auto once = std::make_shared<once_told<outcome<Result>>>(std::move(asked.done), std::unexpected(not_reached));
  const auto partition = asked.partition;
  cluster::errand what;
  what.partition = partition;
  what.kind = asked.kind;
  what.body = std::move(asked.body);
  what.within = how_.read_within;
  what.here = [keep = weak_from_this(), partition, here = std::move(asked.here), ready = std::move(asked.ready), once](std::function<void(bool)> ended) {
    auto self = keep.lock();
    if (!self) return;
    if (ready && !ready()) return ended(false);
    const bool served = self->owns(partition);
    here([self, partition, served, once, ended = std::move(ended)](outcome<Result> result) {
      if (is_elsewhere(result, served && self->owns(partition))) return ended(false);
      once->tell(std::move(result));
      ended(true);
    });
  };
  what.take = [once, decode = std::move(asked.decode)](const cluster::reply_to_request& reply) {
    if (reply.failed)
      once->tell(std::unexpected(events::failure{static_cast<events::failure_code>(*reply.failed), reply.message, std::nullopt}));
    else
      once->tell(decode(reply.body));
  };
  what.give_up = [once] { once->tell(std::unexpected(not_reached)); };
  desk_->run(std::move(what));
}

void cluster_node::stop_reply(events::session_id session, events::user_id caller, answer_callback done) {
  auto partition = services().partition_of(caller.value);
  if (!partition || stopped_) {
    if (done) done(std::unexpected(starting()));
    return;
  }
  command_at_owner(*partition, services().ports.clock->steady() + how_.command_within, frame_kind::stop, events::to_canonical_json(cluster::stop_wish{session, caller}),
                   [local = local_, session, caller](answer_callback told) { local->stop_reply(session, caller, std::move(told)); },
                   std::move(done));
}

void cluster_node::read_history(events::entity_address entity, std::optional<events::entity_position> after, std::size_t updates_max,
                                std::function<void(outcome<std::vector<shared_update>>)> done) {
  auto partition = services().partition_of(entity.slice_key);
  if (!partition || stopped_) return done(std::unexpected(not_reached));
  reading<std::vector<shared_update>> asked;
  asked.partition = *partition;
  asked.kind = frame_kind::history;
  const auto at_least = follower_->next_of(*partition);
  asked.body = events::to_canonical_json(
      cluster::history_wish{entity, after ? std::optional(after->record) : std::nullopt, after ? after->sequence.value : 0, updates_max, at_least.value});
  asked.here = [local = local_, entity, after, updates_max](auto told) { local->read_history(entity, after, updates_max, std::move(told)); };
  // What the follower has passed is told to nobody who listens from now on: it has to be in the history. An owner that reads the log more slowly,
  // or that is one no more and does not know it, is waited for.
  asked.ready = [keep = weak_from_this(), partition = *partition, at_least] {
    auto self = keep.lock();
    return self && self->has_read(partition, at_least);
  };
  asked.decode = cluster::updates_of;
  asked.done = std::move(done);
  read_at_owner(std::move(asked));
}

void cluster_node::inspect(events::entity_address entity, std::function<void(outcome<owned_state>)> done) {
  auto partition = services().partition_of(entity.slice_key);
  if (!partition || stopped_) return done(std::unexpected(not_reached));
  reading<owned_state> asked;
  asked.partition = *partition;
  asked.kind = frame_kind::inspect;
  asked.body = events::to_canonical_json(cluster::entity_wish{entity});
  asked.here = [local = local_, entity](auto told) { local->inspect(entity, std::move(told)); };
  asked.decode = cluster::state_of;
  asked.done = std::move(done);
  read_at_owner(std::move(asked));
}

/// A character that lives on another node comes as its stored state, and is looked at here.
void cluster_node::visit_elsewhere(const events::entity_address& target, std::function<void(outcome<const entity_core*>)> visit) {
  auto partition = services().partition_of(target.slice_key);
  if (!partition || stopped_) return visit(std::unexpected(not_reached));
  reading<std::string> asked;
  asked.partition = *partition;
  asked.kind = frame_kind::state;
  asked.body = events::to_canonical_json(cluster::entity_wish{target});
  asked.here = [this, keep = weak_from_this(), target](std::function<void(outcome<std::string>)> told) {
    auto self = keep.lock();
    if (!self) return told(std::unexpected(not_reached));
    services().visit_here(target, [self, told = std::move(told)](outcome<const entity_core*> core) {
      if (!core) return told(std::unexpected(core.error()));
      auto blob = (*core)->copy(*self->ports_.keys, key_access::memory_only);
      if (!blob) return told(std::unexpected(blob.error()));
      told(cluster::to_text(*blob));
    });
  };
  asked.decode = [](std::string_view text) -> outcome<std::string> { return std::string(text); };
  asked.done = [keys = ports_.keys, target, visit = std::move(visit)](outcome<std::string> text) {
    if (!text) return visit(std::unexpected(text.error()));
    auto blob = cluster::blob_of(*text);
    if (!blob) return visit(std::unexpected(blob.error()));
    entity_core core(target);
    if (blob->last_sequence.value > 0)
      if (auto restored = core.restore(*blob, *keys, key_access::may_block); !restored) return visit(std::unexpected(restored.error()));
    visit(&core);
  };
  read_at_owner(std::move(asked));
}

/// An operator's question, answered here when the partition has come here meanwhile.
void cluster_node::ask_owner(cluster::question wish, std::function<void(outcome<std::string>)> done) {
  if (stopped_) return done(std::unexpected(not_reached));
  reading<std::string> asked;
  asked.partition = wish.partition;
  asked.kind = frame_kind::ask;
  asked.body = events::to_canonical_json(wish);
  asked.here = [keep = weak_from_this(), wish](std::function<void(outcome<std::string>)> told) {
    if (auto self = keep.lock()) self->answer_question(wish, std::move(told));
    else told(std::unexpected(not_reached));
  };
  asked.decode = [](std::string_view text) -> outcome<std::string> { return std::string(text); };
  asked.done = std::move(done);
  read_at_owner(std::move(asked));
}

std::vector<partition_status> cluster_node::status() {
  auto all = local_->status();
  for (auto& each : all) {
    const auto owner = follower_->owner_of(each.partition);
    if (each.serving || !owner || owner->node.empty() || owner->node == how_.self) continue;
    if (auto told = told_status(each.partition)) {
      told->reason = "served by " + owner->node;
      each = std::move(*told);
      continue;
    }
    each.reason = "served by " + owner->node;
    each.epoch = owner->epoch;
    each.applied_next = each.log_end = follower_->next_of(each.partition);
  }
  return all;
}

} // namespace reverie::actors::runtime
