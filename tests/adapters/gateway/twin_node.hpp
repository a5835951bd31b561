#pragma once

#include "actors/runtime/interfaces.hpp"

#include <deque>
#include <map>
#include <mutex>
#include <set>

namespace reverie::tests {

/// Stands in for the actor system: holds the same promises (one log position a record, read-back before answer, updates in order,
/// answers kept by command id) without actors, log or keys. Rules are the smallest that let the gateway be tested.
class twin_node : public actors::actor_node {
public:
  void submit(actors::command_envelope envelope, actors::answer_callback done) override;
  std::shared_ptr<void> listen(events::user_id person, std::weak_ptr<actors::update_listener> listener) override;
  void stop_reply(events::session_id session, events::user_id caller, actors::answer_callback done) override;
  std::optional<actors::live_reply> reply_under_way(events::session_id session) override;
  void read_history(events::entity_address entity, std::optional<events::entity_position> after, std::size_t updates_max,
                    std::function<void(events::outcome<std::vector<actors::shared_update>>)> done) override;
  void inspect(events::entity_address, std::function<void(events::outcome<actors::owned_state>)> done) override { done(actors::owned_state{{1}, "{}"}); }
  std::vector<actors::partition_status> status() override;
  void effects(events::partition_number partition, std::size_t effects_max, std::function<void(events::outcome<std::vector<actors::effect_status>>)> done) override;
  void retry_effect(events::partition_number partition, events::effect_id id, std::function<void(events::outcome<void>)> done) override;

  /// What a test does in the place of a model.
  void start_reply(events::session_id session);
  void say(events::session_id session, const std::string& piece);
  void finish_reply(events::session_id session, const std::string& finish_reason = "stop");
  void fail_reply(events::session_id session);
  /// An event that happens to a session, as if it had been decided.
  events::log_position happen(events::session_id session, std::vector<events::event> events);

  bool answers_itself = false; ///< each message is answered by a short reply at once
  std::optional<events::rejection> refuse_all;
  std::size_t commands = 0;

  struct conversation {
    events::user_id user{};
    events::character_id character{};
    std::vector<actors::shared_update> updates;
    std::optional<actors::live_reply> reply;
    std::uint64_t last_sequence = 0;
    std::optional<events::message_id> leaf;
    bool open = true;
  };
  std::map<events::session_id, conversation> conversations;
  std::map<events::character_id, actors::character::create_character> characters;
  std::map<events::user_id, actors::user::register_user> people;
  std::set<events::memory_id> forgotten;
  std::vector<actors::effect_status> waiting, refused; ///< effects; those that wait oldest first
  std::set<std::uint32_t> out_of_reach;                ///< partitions beside the one, of others who can't be asked for effects
  std::vector<events::session_id> stops; ///< of replies, as they were asked for
  static constexpr events::timestamp happened_at{std::chrono::milliseconds{1'700'000'000'000}}; ///< every event
  events::log_position last_position() const { return {{0}, {next_offset_ - 1}}; }
  std::recursive_mutex mutex;

private:
  actors::command_outcome decide(const actors::command_envelope& envelope);
  actors::command_outcome decide_session(const actors::command_envelope& envelope, const actors::session::command& command);
  actors::command_outcome open_bond(const actors::command_envelope& envelope, const actors::bond::open_conversation& command);
  events::uuid fresh_id();

  std::uint64_t next_offset_ = 1;
  std::uint64_t next_id_ = 1;
  struct done_command {
    events::entity_ref entity{};
    actors::any_command command;
    actors::command_outcome answer;
  };
  std::map<events::command_id, done_command> answers_;
  std::map<events::uuid, events::session_id> open_of_bond_;
  std::multimap<events::user_id, std::weak_ptr<actors::update_listener>> listeners_;
};

} // namespace reverie::tests
