#pragma once

#include "gateway/bridge/live_item.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace reverie::gateway {

/// A connection as the hub sees it.
class live_member {
public:
  virtual ~live_member() = default;
  /// On the member's io thread, in order; must not block.
  virtual void on_live(const shared_batch& batch) = 0;
  /// A sign-in of the person has ended; likewise on the member's io thread.
  virtual void on_signed_out(const events::uuid& sign_in) = 0;
};

/// Hears everything of one person once, makes the frames once, and hands them to all of that person's connections: one post an io
/// thread, however many devices listen there.
class person_hub : public actors::update_listener, public std::enable_shared_from_this<person_hub> {
public:
  person_hub(events::user_id user, const std::vector<boost::asio::any_io_executor>& lanes);

  void on_update(const actors::shared_update& update) override;
  void on_piece(const std::shared_ptr<const actors::reply_piece>& piece) override;

  /// For frames that are no events (typing), to all of the person's connections.
  void broadcast(live_batch batch);
  /// To all connections: those that came from this sign-in end.
  void sign_out(const events::uuid& sign_in);

  /// On the lane's io thread.
  void add(std::size_t number, live_member* member);
  void remove(std::size_t number, live_member* member);

  /// Conversations known to be this person's.
  bool owns(events::session_id conversation) const;
  void learn(events::session_id conversation, std::optional<events::entity_position> position = std::nullopt);
  /// Where the last update of a conversation stands, as far as it was heard of.
  std::optional<events::entity_position> last_heard(events::session_id conversation) const;

  std::atomic<std::size_t> connections = 0;
  std::shared_ptr<void> listening; ///< the node's token

private:
  struct lane {
    boost::asio::any_io_executor executor;
    std::atomic<std::size_t> count = 0;
    std::vector<live_member*> members; ///< touched on the lane's thread only
    bool handing_out = false;
  };
  using visit = std::function<void(live_member&)>;
  void hand_out(shared_batch batch);
  void on_every_lane(visit tell);
  static void tell_all(lane& to, const visit& tell);

  const events::user_id user_;
  std::vector<std::unique_ptr<lane>> lanes_;
  mutable std::mutex owned_mutex_;
  std::unordered_map<events::session_id, std::optional<events::entity_position>> owned_;
};

/// One membership; left on the io thread it was joined on.
class membership {
public:
  membership(std::shared_ptr<person_hub> hub, std::size_t lane, live_member* member);
  ~membership();
  membership(const membership&) = delete;
  membership& operator=(const membership&) = delete;
  person_hub& hub() { return *hub_; }

private:
  std::shared_ptr<person_hub> hub_;
  std::size_t lane_;
  live_member* member_;
};

/// The hubs of all people who are connected. Thread-safe.
class live_hub {
public:
  /// One lane an io thread.
  live_hub(actors::actor_node& node, std::vector<boost::asio::any_io_executor> lanes) : node_(node), lanes_(std::move(lanes)) {}

  /// Joins on the lane's io thread; null when the person has `connections_max` already.
  std::unique_ptr<membership> join(events::user_id user, std::size_t lane, live_member* member, std::size_t connections_max);

  /// Ends the person's connections that came from a sign-in. On any thread.
  void sign_out(events::user_id user, const events::uuid& sign_in);

private:
  std::shared_ptr<person_hub> hub_of(events::user_id user);

  actors::actor_node& node_;
  std::vector<boost::asio::any_io_executor> lanes_;
  std::mutex mutex_;
  std::unordered_map<events::user_id, std::weak_ptr<person_hub>> hubs_;
  std::size_t sweep_at_ = 64;
};

} // namespace reverie::gateway
