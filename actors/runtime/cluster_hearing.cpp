#include "actors/runtime/cluster_node.hpp"

#include "actors/runtime/entity_core.hpp"
#include "actors/runtime/sealing.hpp"
#include "events/codec/event_codec.hpp"
#include "events/codec/fields_json.hpp"

/// How this node's listeners hear of everything of their persons: durable updates from the log, pieces of replies from the owner.
namespace reverie::actors::runtime {

using cluster::frame;
using cluster::frame_kind;
using cluster::hear_wish;
using cluster::reply_said;

constexpr std::chrono::milliseconds silent_after{20'000};

/// Listens on this node for another one: passes on pieces; the rest that node reads from the log.
class cluster_node::ear final : public update_listener {
public:
  ear(std::weak_ptr<cluster_node> self, std::string to) : self_(std::move(self)), to_(std::move(to)) {}
  void on_update(const shared_update&) override {}
  void on_piece(const std::shared_ptr<const reply_piece>& piece) override {
    auto self = self_.lock();
    if (!self || !self->is_alive(to_)) return; // what waits for one that is frozen must not grow
    const reply_said said{piece->user, piece->session, piece->reply, {}, piece->attempt, {}, piece->index, {piece->text}};
    self->send(to_, frame_kind::piece, 0, events::to_canonical_json(said));
  }

private:
  std::weak_ptr<cluster_node> self_;
  std::string to_;
};

struct cluster_node::feed_life {
  std::shared_ptr<person_feed> feed;
  std::shared_ptr<void> local; ///< the listener at this node's actors
  std::weak_ptr<cluster_node> node;
  ~feed_life() {
    local.reset();
    auto alive = node.lock();
    if (!alive || alive->stopped_) return;
    std::lock_guard lock(alive->feeds_mutex_);
    auto known = alive->feeds_.find(feed->person());
    if (known != alive->feeds_.end() && !known->second.expired()) return; // somebody has begun to listen again
    if (known != alive->feeds_.end()) alive->feeds_.erase(known);
    alive->hear_at_owner(*feed, false);
  }
};

/// One listener's place in a feed.
struct cluster_node::listening {
  std::shared_ptr<feed_life> life;
  std::uint64_t number = 0;
  ~listening() { life->feed->remove(number); }
};

std::shared_ptr<cluster_node::feed_life> cluster_node::life_of(events::user_id person) {
  std::shared_ptr<feed_life> life;
  {
    std::lock_guard lock(feeds_mutex_);
    auto& known = feeds_[person];
    life = known.lock();
    if (life) return life;
    life = std::make_shared<feed_life>();
    life->feed = std::make_shared<person_feed>(person, replying_);
    life->node = weak_from_this();
    known = life;
  }
  life->local = local_->listen(person, life->feed);
  hear_at_owner(*life->feed, true);
  return life;
}

std::shared_ptr<void> cluster_node::listen(events::user_id person, std::weak_ptr<update_listener> listener) {
  auto life = life_of(person);
  auto token = std::make_shared<listening>();
  token->number = life->feed->add(std::move(listener));
  token->life = std::move(life);
  return token;
}

std::optional<live_reply> cluster_node::reply_under_way(events::session_id session) {
  std::shared_ptr<person_feed> feed;
  {
    std::lock_guard lock(replying_->mutex);
    if (auto found = replying_->of.find(session); found != replying_->of.end()) feed = found->second.lock();
  }
  return feed ? feed->reply_under_way(session) : std::nullopt;
}

/// Pieces are made by the owner. What it has said of a reply under way comes with the answer.
void cluster_node::hear_at_owner(person_feed& feed, bool on) {
  const auto partition = services().partition_of(feed.person().value);
  if (!partition) return; // its owner is told when the slice map is known: owners change then, too
  if (owns(*partition)) {
    if (on)
      for (const auto& [session, now] : services().hub->replies_of(feed.person())) feed.take_reply(session, now);
    return;
  }
  const auto owner = follower_->owner_of(*partition);
  if (!owner || owner->node.empty() || owner->node == how_.self) return;
  send(owner->node, frame_kind::hear, 0, events::to_canonical_json(hear_wish{feed.person(), on}));
}

void cluster_node::hear_again(events::partition_number partition) {
  std::vector<std::shared_ptr<feed_life>> lives;
  {
    std::lock_guard lock(feeds_mutex_);
    for (const auto& [person, weak] : feeds_)
      if (services().partition_of(person.value) == partition)
        if (auto life = weak.lock()) lives.push_back(std::move(life));
  }
  for (const auto& life : lives) hear_at_owner(*life->feed, true);
}

void cluster_node::take_hear(const frame& asked) {
  auto wish = events::from_canonical_json<hear_wish>(asked.body);
  if (!wish) return;
  if (!wish->on) {
    std::lock_guard lock(ears_mutex_);
    if (auto of = ears_.find(asked.from); of != ears_.end()) of->second.erase(wish->person);
    return;
  }
  auto with = std::make_shared<ear>(weak_from_this(), asked.from);
  auto token = local_->listen(wish->person, with);
  {
    std::lock_guard lock(ears_mutex_);
    ears_[asked.from].insert_or_assign(wish->person, heard{with, std::move(token)});
  }
  for (auto& [session, now] : services().hub->replies_of(wish->person)) {
    const reply_said said{wish->person, session, now.reply, now.parent, now.attempt, now.started_at, 0, std::move(now.pieces), now.started_sequence.value};
    send(asked.from, frame_kind::reply, 0, events::to_canonical_json(said));
  }
}

void cluster_node::take_reply(const frame& said) {
  auto read = events::from_canonical_json<reply_said>(said.body);
  if (!read) return;
  std::shared_ptr<feed_life> life;
  {
    std::lock_guard lock(feeds_mutex_);
    if (auto found = feeds_.find(read->person); found != feeds_.end()) life = found->second.lock();
  }
  if (!life) return;
  if (static_cast<frame_kind>(said.kind) == frame_kind::reply)
    return life->feed->take_reply(read->session, {read->reply, read->parent, read->attempt, read->started_at, std::move(read->pieces), {read->started_sequence}});
  for (std::size_t i = 0; i < read->pieces.size(); ++i)
    life->feed->on_piece(std::make_shared<const reply_piece>(reply_piece{read->session, read->person, read->reply, read->attempt,
                                                                         read->first_index + static_cast<std::uint32_t>(i),
                                                                         std::move(read->pieces[i])}));
}

void cluster_node::lose_node(const std::string& other) {
  desk_->unreachable(other);
  std::unordered_map<events::user_id, heard> gone;
  std::lock_guard lock(ears_mutex_);
  lost_nodes_.insert(other);
  if (auto found = ears_.find(other); found != ears_.end()) gone = std::move(found->second);
  ears_.erase(other);
}

/// One that was lost may have forgotten who listens here.
void cluster_node::note_alive(const std::string& other) {
  {
    std::lock_guard lock(ears_mutex_);
    heard_at_[other] = services().ports.clock->steady();
    if (lost_nodes_.erase(other) == 0) return;
  }
  for (std::uint32_t i = 0; i < ports_.log->partitions(); ++i)
    if (auto owner = follower_->owner_of({i}); owner && owner->node == other) hear_again({i});
}

bool cluster_node::is_alive(const std::string& other) {
  std::lock_guard lock(ears_mutex_);
  auto found = heard_at_.find(other);
  return found != heard_at_.end() && services().ports.clock->steady() - found->second < silent_after;
}

/// Owners are told now and then that this node, which may listen to them, lives.
void cluster_node::keep_in_touch() {
  const auto now = services().ports.clock->steady();
  if (now - touched_at_ < silent_after / 4) return;
  touched_at_ = now;
  std::set<std::string> owners;
  for (std::uint32_t i = 0; i < ports_.log->partitions(); ++i)
    if (auto owner = follower_->owner_of({i}); owner && !owner->node.empty() && owner->node != how_.self) owners.insert(owner->node);
  for (const auto& each : owners) send(each, frame_kind::alive, 0, {});
}

bool cluster_node::take_record(const events::stored_record& record) {
  std::shared_ptr<feed_life> life;
  {
    std::lock_guard lock(feeds_mutex_);
    if (auto found = feeds_.find(events::user_id{record.content.slice_key}); found != feeds_.end()) life = found->second.lock();
  }
  if (!life) return true;
  auto decoded = events::decode_events(record.content.value, opener_from(*ports_.keys, key_access::may_block));
  if (!decoded) {
    using events::failure_code;
    const auto code = decoded.error().code;
    if (code == failure_code::key_unavailable || code == failure_code::unavailable || code == failure_code::timed_out) return false;
    services().log(severity::error, "record " + events::to_string(record.position) + " can't be pushed: " + decoded.error().message);
    return true;
  }
  auto happened = with_contexts(record, std::move(decoded->events));
  life->feed->from_log(std::make_shared<const entity_update>(entity_update{record.content.address(), record.position, std::move(happened)}));
  return true;
}

} // namespace reverie::actors::runtime
