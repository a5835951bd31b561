#pragma once

#include "actors/domain/effect.hpp"
#include "actors/effects/chat_model.hpp"
#include "events/log/record.hpp"
#include "events/model/entity_position.hpp"
#include "events/model/rejection.hpp"

#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// What the outside of the actor system may do with it. Free of CAF, so that the gateway's HTTP side, tools and tests need none of it;
/// actors/runtime implements it on CAF, and everything here may be called from any thread.
namespace reverie::actors {

/// A command on its way to the actor that owns its entity.
struct command_envelope {
  events::command_id id{};              ///< scoped to the caller; the same id gets the same answer and is done once
  events::correlation_id correlation{}; ///< of the request that led to it
  events::user_id caller{};             ///< nil for the system
  events::entity_address target{};
  any_command command;
  std::optional<events::event_cause> cause; ///< for commands that an effect delivers
};

/// Given only after the record was read back from the log under the owner's own epoch (or when nothing was to do).
struct command_answer {
  events::uuid subject{};            ///< the message, session, user … the command made or concerns
  events::log_position position{};   ///< of the record, or the entity's last one
  bool changed = true;               ///< false: it was already so, no record was written
  bool repeated = false;             ///< the id was known: this is the stored answer
  events::sequence_number sequence{}; ///< of the record's first event; 0: not known

  events::entity_position place() const { return {position, sequence}; }
};

/// A rejection with `unavailable` or `overloaded` says nothing was done, or that the same id makes trying again safe.
using command_outcome = std::expected<command_answer, events::rejection>;
using answer_callback = std::function<void(command_outcome)>;

/// One read-back record of an entity, as pushed to clients. Shared by all receivers.
struct entity_update {
  events::entity_address entity{};
  events::log_position position{};
  std::vector<events::recorded_event> happened;
};
using shared_update = std::shared_ptr<const entity_update>;

/// A piece of a reply that is being made; not an event. `index` counts from 0 within the attempt.
struct reply_piece {
  events::session_id session{};
  events::user_id user{};
  events::message_id reply{};
  std::uint32_t attempt = 1;
  std::uint32_t index = 0;
  std::string text;
};

/// The reply under way in a conversation: what a client that comes in the middle needs.
struct live_reply {
  events::message_id reply{};
  events::message_id parent{};
  std::uint32_t attempt = 1;
  events::log_position started_at{};
  std::vector<std::string> pieces;
  events::sequence_number started_sequence{};
};

/// Receives what happens to one person's entities, in log order per entity, and pieces of running replies in order. Called on actor
/// threads: must not block. `on_piece` of an attempt come after its reply_started update and before its reply_completed one.
class update_listener {
public:
  virtual ~update_listener() = default;
  virtual void on_update(const shared_update& update) = 0;
  virtual void on_piece(const std::shared_ptr<const reply_piece>& piece) = 0;
};

/// An entity's state as its owner has it.
struct owned_state {
  events::sequence_number sequence{}; ///< of the last event in it, which lies in the log
  std::string json;                   ///< readable; personal text included
};

/// The newest kept generation of a partition's local state.
struct checkpoint_status {
  events::timestamp at{};
  events::log_offset offset{}; ///< first one it does not hold
  std::uint64_t generation = 0, bytes = 0;
};

/// Something that was asked for because of an event and is not done, or was refused.
struct effect_status {
  events::effect_id id{};
  events::entity_ref entity{};
  std::string kind; ///< `generate_reply`, or the name of the command that is delivered; empty until it was made again from its cause
  events::partition_number partition{};
  events::timestamp since{}; ///< when this process took it up
  std::uint32_t attempts = 0;
  bool failed = false; ///< refused for good: nothing is done any more unless it is asked for
  std::string problem; ///< of the last try; never personal text
  events::event_cause cause{};
};

/// How an entity stands in its owner's memory.
struct entity_standing {
  bool in_memory = false, parked = false;
  std::size_t waiting = 0; ///< commands given to it and not concluded
  std::vector<effect_status> effects; ///< that it waits for
};

struct partition_status {
  events::partition_number partition{};
  bool serving = false;
  std::string reason; ///< why not, for /readyz
  events::epoch_number epoch{};
  events::log_offset applied_next{}, log_end{};
  std::uint64_t counted = 0, fenced = 0, repeated = 0, gaps = 0;
  std::size_t live_entities = 0, parked_entities = 0, commands_in_flight = 0, pending_effects = 0;
  events::writer_id writer{}; ///< the one whose records count, while this process serves
  std::optional<checkpoint_status> checkpoint = std::nullopt; ///< also when an owner before made it
};

/// How turns taught something since this process started.
struct extraction_counts {
  std::uint64_t by_model = 0;        ///< turns whose facts a model found
  std::uint64_t by_rules_instead = 0; ///< turns a model was to look at and could not: the rules did
  std::uint64_t facts_left_out = 0;  ///< facts that a limit kept out
};

/// The actor system as its users see it.
class actor_node {
public:
  virtual ~actor_node() = default;

  /// Gives a command to its owner. `done` is called exactly once, on an actor thread, within limits::command_deadline_ms.
  virtual void submit(command_envelope envelope, answer_callback done) = 0;

  /// Listens to everything of one person until the returned token is dropped.
  virtual std::shared_ptr<void> listen(events::user_id person, std::weak_ptr<update_listener> listener) = 0;

  /// Stops the reply under way (it completes with finish_reason `stopped` and the text so far); not_found when none is.
  virtual void stop_reply(events::session_id session, events::user_id caller, answer_callback done) = 0;

  /// The reply under way, with the pieces so far, in a session of this person.
  virtual std::optional<live_reply> reply_under_way(events::session_id session) = 0;

  /// Durable updates of an entity after a place (or from its start; with a sequence, by that alone: the first record may then hold events
  /// before it too), in order, at most `updates_max`; read from the log, so it goes
  /// back for ever. `done` is called once, on a background thread; an empty list means the end was reached.
  virtual void read_history(events::entity_address entity, std::optional<events::entity_position> after, std::size_t updates_max,
                            std::function<void(events::outcome<std::vector<shared_update>>)> done) = 0;

  /// The entity's state and how far it goes (inspector, tools). `done` runs on an actor thread.
  virtual void inspect(events::entity_address entity, std::function<void(events::outcome<owned_state>)> done) = 0;

  virtual std::vector<partition_status> status() = 0;

  /// What a partition has to do and has not done, the oldest first, at most `effects_max`; then what was refused lately. `unavailable` when
  /// the partition is not this process's. `done` is called once, on an actor thread.
  virtual void effects(events::partition_number partition, std::size_t effects_max, std::function<void(events::outcome<std::vector<effect_status>>)> done) {
    (void)partition, (void)effects_max;
    done(std::vector<effect_status>{});
  }
  /// Tries a waiting effect again now, or a refused one anew; `not_found` when there is none of that id.
  virtual void retry_effect(events::partition_number partition, events::effect_id id, std::function<void(events::outcome<void>)> done) {
    (void)partition, (void)id;
    done(events::fail(events::failure_code::not_found, "no such effect"));
  }

  /// How an entity stands, without touching it: it is not loaded. `done` is called once, on an actor thread.
  virtual void stand(events::entity_address entity, std::function<void(events::outcome<entity_standing>)> done) {
    (void)entity;
    done(entity_standing{});
  }

  virtual extraction_counts extractions() { return {}; }
};

} // namespace reverie::actors
