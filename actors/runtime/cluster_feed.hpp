#pragma once

#include "actors/runtime/interfaces.hpp"

#include <deque>
#include <map>
#include <mutex>
#include <unordered_map>

namespace reverie::actors::runtime {

/// Everything of one person, whichever node owns the partition: durable updates come from this node's own reading of the log (all of them,
/// in order), and earlier from the local actors when they own it; pieces of replies come from the owner. Each update is passed on once
/// and in order; pieces only behind the start of their attempt, each index once. Thread-safe; listeners are called under its lock.
class person_feed final : public update_listener {
public:
  explicit person_feed(events::user_id person) : person_(person) {}

  events::user_id person() const { return person_; }
  void add(std::weak_ptr<update_listener> listener);
  /// False when nobody listens any more.
  bool anyone_listens();

  /// From the log: complete and in order.
  void from_log(const shared_update& update);
  /// From the actors of this node: taken only where it is surely the next, as the log brings it in any case.
  void on_update(const shared_update& update) override;
  void on_piece(const std::shared_ptr<const reply_piece>& piece) override;
  /// A reply that was under way when this feed began (or lost its way to the owner), with all its pieces so far.
  void take_reply(events::session_id session, const live_reply& now);

  std::optional<live_reply> reply_under_way(events::session_id session);

private:
  struct entity_place {
    events::sequence_number next{};
    bool ahead = false; ///< of what came from the log
  };
  struct ended_reply {
    events::message_id reply{};
    std::uint32_t attempt = 0;
  };
  static constexpr std::size_t entities_kept = 1'024;
  static constexpr std::size_t pieces_held = 4'096;

  void pass(const shared_update& update);
  void say(const reply_piece& piece, live_reply& of);
  void say_held(events::session_id session);
  void forget_some();
  template <class Call>
  void tell(const Call& call);

  const events::user_id person_;
  std::mutex mutex_;
  std::vector<std::weak_ptr<update_listener>> listeners_;
  std::unordered_map<events::entity_ref, entity_place> places_;
  std::unordered_map<events::session_id, live_reply> replies_;
  std::unordered_map<events::session_id, ended_reply> ended_;
  std::deque<reply_piece> held_; ///< came before their turn
};

} // namespace reverie::actors::runtime
