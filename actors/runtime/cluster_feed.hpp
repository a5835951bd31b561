#pragma once

#include "actors/runtime/interfaces.hpp"

#include <deque>
#include <memory>
#include <mutex>
#include <unordered_map>

namespace reverie::actors::runtime {

/// Everything of one person, whichever node owns the partition: durable updates come from this node's own reading of the log (all of them,
/// in order), and earlier from the local actors when they own it; pieces of replies come from the owner. Each update is passed on once
/// and in order; pieces only behind the start of their attempt, each index once. Thread-safe; listeners are called under its lock.
class person_feed final : public update_listener, public std::enable_shared_from_this<person_feed> {
public:
  /// Which feed has a reply under way, by session: shared by the feeds of a node.
  struct reply_index {
    std::mutex mutex;
    std::unordered_map<events::session_id, std::weak_ptr<person_feed>> of;
  };

  explicit person_feed(events::user_id person, std::shared_ptr<reply_index> index = nullptr) : person_(person), index_(std::move(index)) {}
  ~person_feed() override;

  events::user_id person() const { return person_; }
  /// Answers a number to remove it by.
  std::uint64_t add(std::weak_ptr<update_listener> listener);
  void remove(std::uint64_t number);

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
  struct subscription {
    std::uint64_t number = 0;
    std::weak_ptr<update_listener> listener;
  };
  static constexpr std::size_t entities_kept = 1'024;
  static constexpr std::size_t pieces_held = 4'096;

  void pass(const shared_update& update);
  void say(const reply_piece& piece, live_reply& of);
  void say_held(events::session_id session);
  void forget_some();
  void note_reply(events::session_id session, bool under_way);
  template <class Call>
  void tell(const Call& call);

  const events::user_id person_;
  const std::shared_ptr<reply_index> index_;
  std::mutex listeners_mutex_; ///< alone: a listener may go while it is told something
  std::vector<subscription> listeners_;
  std::uint64_t last_number_ = 0;
  std::mutex mutex_;
  std::unordered_map<events::entity_ref, entity_place> places_;
  std::unordered_map<events::session_id, live_reply> replies_;
  std::unordered_map<events::session_id, ended_reply> ended_;
  std::deque<reply_piece> held_; ///< came before their turn
};

} // namespace reverie::actors::runtime
