#pragma once

#include "actors/runtime/interfaces.hpp"

#include <array>
#include <mutex>
#include <unordered_map>

namespace reverie::actors::runtime {

/// Who listens to which person, and the pieces of replies that are being made on this node (never stored). Thread-safe; listeners are
/// called without a lock, on the caller's thread, so one entity's updates reach them in its order.
class update_hub : public std::enable_shared_from_this<update_hub> {
public:
  std::shared_ptr<void> listen(events::user_id person, std::weak_ptr<update_listener> listener);

  /// Whether an update of this slice has to be made at all.
  bool anyone_listens(const events::uuid& slice_key) const;
  void publish(const events::uuid& slice_key, const shared_update& update);

  /// A reply was started (read back): from now on its pieces are kept.
  void begin_reply(events::session_id session, live_reply started, events::user_id person = {});
  /// Keeps a piece and gives it to the listeners; false when that attempt is not the one under way (any more).
  bool add_piece(reply_piece piece);
  /// That attempt (or an earlier one) is over; a later one that is under way stays.
  void end_reply(events::session_id session, events::message_id reply, std::uint32_t attempt);
  std::optional<live_reply> reply_under_way(events::session_id session) const;
  std::vector<std::pair<events::session_id, live_reply>> replies_of(events::user_id person) const;

private:
  struct subscription {
    std::uint64_t number = 0;
    std::weak_ptr<update_listener> listener;
  };
  struct kept_reply {
    live_reply now;
    events::user_id person{};
  };
  struct shard {
    mutable std::mutex guard;
    std::unordered_map<events::uuid, std::vector<subscription>> listeners;
    std::unordered_map<events::session_id, kept_reply> replies;
    std::uint64_t last_number = 0;
  };
  static constexpr std::size_t shard_count = 64;

  shard& shard_of(const events::uuid& id) { return shards_[std::hash<events::uuid>{}(id) % shard_count]; }
  const shard& shard_of(const events::uuid& id) const { return shards_[std::hash<events::uuid>{}(id) % shard_count]; }
  std::vector<std::shared_ptr<update_listener>> listeners_of(const events::uuid& id) const;
  void forget(const events::uuid& id, std::uint64_t number);

  std::array<shard, shard_count> shards_;
};

} // namespace reverie::actors::runtime
