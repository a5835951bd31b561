#pragma once

#include "actors/runtime/entity_core.hpp"
#include "actors/runtime/node.hpp"
#include "events/log/memory_log.hpp"
#include "events/log/memory_state_generations.hpp"
#include "events/log/memory_state_store.hpp"
#include "events/vault/memory_key_ring.hpp"

#include <deque>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

/// A whole actor system run step by step on the caller's thread: memory log, memory state, virtual time, fake model. No threads, no
/// sleeps: the same calls give the same run.
namespace reverie::tests {

using actors::command_outcome;

/// Time that moves only when it is told to.
class fake_clock : public actors::runtime::clock_port {
public:
  events::timestamp now() const override { return now_; }
  std::chrono::milliseconds steady() const override { return now_.time_since_epoch(); }
  void advance(std::chrono::milliseconds by) { now_ += by; }

private:
  events::timestamp now_ = events::from_milliseconds(1'790'000'000'000);
};

/// Random bytes of a seed; can be told to throw once, as a bug in a decision would.
class seeded_random : public actors::runtime::random_port {
public:
  explicit seeded_random(std::uint64_t seed) : generator_(seed) {}
  void fill(std::span<std::uint8_t> bytes) override;
  void throw_next(int times) { throws_ = times; }

private:
  std::mt19937_64 generator_;
  int throws_ = 0;
};

/// A model whose words the test gives.
class fake_model : public actors::chat_model {
public:
  struct call final : actors::chat_call {
    actors::chat_request request;
    actors::chat_listener listener;
    bool cancelled = false;
    bool ended = false;
    void cancel() override;
    void say(const std::string& piece) { listener.piece(piece); }
    void finish(const std::string& content);
    void fail(events::failure_code code);
  };
  std::shared_ptr<actors::chat_call> start(actors::chat_request request, actors::chat_listener listener) override;
  actors::model_description describe() const override { return {"fake", "scripted", "", 8192, false}; }

  std::vector<std::shared_ptr<call>> calls;
  std::vector<std::string> answer_at_once; ///< when set: pieces of an immediate answer
  int throws = 0;                          ///< so many next starts throw, as a bug in a client would
};

/// An extractor of facts that finds what the test says.
class fake_extractor : public actors::fact_extractor {
public:
  struct call final : actors::chat_call {
    actors::extraction_request request;
    actors::extraction_callback done;
    bool cancelled = false;
    void cancel() override { cancelled = true; }
    void find(std::vector<actors::bond::extracted_fact> facts) { done(actors::bond::turn_extraction{"fake-extractor", std::move(facts)}); }
    void fail(events::failure_code code) { done(events::fail(code, "the fake extractor fails")); }
  };
  std::string name() const override { return "fake-extractor"; }
  std::shared_ptr<actors::chat_call> extract(actors::extraction_request request, actors::extraction_callback done) override;

  std::vector<std::shared_ptr<call>> calls;
  int throws = 0; ///< so many next calls throw, as a bug in a client would
};

/// Everything of one person's entities, as a client would get it.
class recording_listener : public actors::update_listener {
public:
  void on_update(const actors::shared_update& update) override;
  void on_piece(const std::shared_ptr<const actors::reply_piece>& piece) override;

  std::vector<actors::shared_update> updates;
  std::vector<std::string> trace; ///< names of events, and `piece:<text>`
};

/// The log as a node sees it until it crashes: then nothing it does gets through any more.
class crashable_log : public events::event_log {
public:
  explicit crashable_log(std::shared_ptr<events::memory_log> inner) : inner_(std::move(inner)) {}
  std::uint32_t partitions() const override { return inner_->partitions(); }
  void append(events::partition_number partition, events::record content, append_done done) override;
  events::outcome<events::log_range> range(events::partition_number partition) override;
  events::outcome<std::unique_ptr<events::log_reader>> reader(events::partition_number partition, events::log_offset from) override {
    return inner_->reader(partition, from);
  }
  events::outcome<void> reset_writer(events::partition_number partition) override;
  void close() override {}
  void crash() { crashed_ = true; }
  /// While set, the log can't say where it ends.
  bool end_unknown = false;
  std::size_t ends_asked() const { return ends_asked_; }
  /// Called for each append before it is stored.
  std::function<void(const events::record&)> watch;

private:
  std::shared_ptr<events::memory_log> inner_;
  bool crashed_ = false;
  std::size_t ends_asked_ = 0;
};

/// Local state in the same way.
class crashable_states : public events::state_store_factory {
public:
  explicit crashable_states(std::shared_ptr<events::memory_state_store_factory> inner) : inner_(std::move(inner)) {}
  events::outcome<std::shared_ptr<events::state_store>> open(events::partition_number partition) override;
  void crash() { *crashed_ = true; }
  /// How often the place of an entity was asked for.
  std::size_t tips_read() const { return *tips_read_; }

private:
  std::shared_ptr<std::size_t> tips_read_ = std::make_shared<std::size_t>(0);
  std::shared_ptr<events::memory_state_store_factory> inner_;
  std::shared_ptr<bool> crashed_ = std::make_shared<bool>(false);
};

struct world_options {
  std::uint32_t partitions = 1;
  std::uint64_t seed = 1;
  actors::runtime::node_options node;
  bool facts_by_model = false; ///< facts are found by the fake extractor instead of the rules
  std::shared_ptr<events::memory_shared_folder> shared = nullptr; ///< where nodes share generations of their states; null: nowhere
};

/// One process: a node on a shared log. Several can run on the same log (zombies, races).
class actor_process {
public:
  actor_process(std::shared_ptr<events::memory_log> log, std::shared_ptr<events::memory_state_store_factory> states,
                std::shared_ptr<events::memory_key_ring> keys, std::shared_ptr<fake_clock> clock, world_options options);
  ~actor_process();

  /// Runs until nothing is left to do; looks at the log whenever that is so, until it has nothing new either.
  void run();
  /// Runs at most `steps` actor steps; true when there is more to do.
  bool run_steps(std::size_t steps);
  /// Ends the actor whose turn is next, as something unforeseen would.
  void kill_next();
  /// How many lines of its log hold this text.
  std::size_t lines_with(const std::string& text) const;
  /// … of those that are no mere information.
  std::size_t warnings_with(const std::string& text) const;
  /// From now on nothing this process does reaches the log or the state.
  void crash();
  void stop(std::chrono::milliseconds within = std::chrono::milliseconds{5'000});

  std::shared_ptr<crashable_log> log;
  std::shared_ptr<crashable_states> states;
  std::shared_ptr<seeded_random> random;
  std::shared_ptr<fake_model> model = std::make_shared<fake_model>();
  std::shared_ptr<fake_extractor> facts; ///< null: the rules
  std::shared_ptr<actors::recall> memories;
  std::vector<std::string> lines, warnings;
  std::shared_ptr<actors::runtime::node> node;

private:
  friend class actor_world;
  void advance(std::chrono::milliseconds by);
  std::shared_ptr<fake_clock> clock_;
  bool ended_ = false;
};

/// A log, its local states and keys, and the processes on it.
class actor_world {
public:
  explicit actor_world(world_options options = {});
  ~actor_world();

  actor_process& start();                 ///< another process on the same log and local state
  actor_process& make();                  ///< … that has not taken a step yet
  actor_process& start_without_state();   ///< … with an empty local state: everything is folded again
  actor_process& first() { return *processes_.front(); }
  actor_process& last() { return *processes_.back(); }
  void run();
  void advance(std::chrono::milliseconds by); ///< moves time in steps of a tick and runs
  void end_all();

  /// Gives a command and says where the answer goes; nothing runs yet.
  struct asked {
    std::vector<command_outcome> answers;
    bool answered() const { return !answers.empty(); }
    const command_outcome& only() const;
  };
  std::shared_ptr<asked> submit(actor_process& to, actors::command_envelope envelope);
  /// … and runs until it is answered.
  command_outcome ask(actors::command_envelope envelope);
  command_outcome ask(actor_process& to, actors::command_envelope envelope);

  events::uuid fresh_id();
  actors::command_envelope to_user(events::user_id user, actors::user::command command);
  actors::command_envelope to_session(events::user_id user, events::session_id session, actors::session::command command);
  actors::command_envelope to_bond(events::user_id user, events::character_id character, actors::bond::command command);
  actors::command_envelope to_character(events::user_id user, events::character_id character, actors::character::command command);

  /// A registered person; a published character; an open conversation of the two.
  events::user_id register_person(const std::string& name = "Ada");
  events::character_id create_character(const std::string& name = "Mira");
  events::session_id open_conversation(events::user_id user, events::character_id character);

  std::string state_of(const events::entity_address& entity);
  std::string last_lines() const; ///< of the newest process's log, for messages of failed tests
  std::string state_of(actor_process& process, const events::entity_address& entity);
  std::vector<events::stored_record> records(std::uint32_t partition = 0);
  actors::partition_status status(std::uint32_t partition = 0) { return last().node->status()[partition]; }

  std::shared_ptr<events::memory_log> log;
  std::shared_ptr<events::memory_state_store_factory> states;
  std::shared_ptr<events::memory_key_ring> keys;
  std::shared_ptr<fake_clock> clock;

private:
  world_options options_;
  std::vector<std::unique_ptr<actor_process>> processes_;
  std::mt19937_64 ids_;
};

inline events::entity_address session_address(events::user_id user, events::session_id session) {
  return {{events::entity_kind::session, session.value}, user.value};
}
inline events::entity_address user_address(events::user_id user) { return {{events::entity_kind::user, user.value}, user.value}; }
inline events::entity_address bond_address(events::user_id user, events::character_id character) {
  return {{events::entity_kind::bond, events::bond_of(user, character).value}, user.value};
}

} // namespace reverie::tests
