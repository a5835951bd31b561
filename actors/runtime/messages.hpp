#pragma once

#include "actors/domain/effect.hpp"
#include "actors/domain/entity_logic.hpp"
#include "actors/runtime/blocking_task.hpp"
#include "actors/runtime/interfaces.hpp"
#include "events/log/event_log.hpp"
#include "events/log/state_store.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// What the actors of one node say to each other: plain structs, local to the process, cheap to copy (large things are shared).
namespace reverie::actors {
struct extraction_inputs;
struct generation_inputs;
struct said_text;
}

namespace reverie::actors::runtime {

class entity_core;

/// One command under way. `envelope`, `ledger` and `known` do not change once it was given to an entity; the rest belongs to the
/// partition actor alone.
struct pending_command {
  command_envelope envelope;
  events::command_id ledger{};                 ///< its id, scoped to the slice it concerns
  std::optional<events::stored_answer> known;  ///< an answer given before: to be compared and repeated, not done again

  answer_callback done;                                               ///< empty once answered
  std::vector<std::pair<command_envelope, answer_callback>> waiters; ///< the same id again, while this one is under way
  std::chrono::milliseconds due{};                                    ///< when the caller is told `unavailable`
  std::optional<events::chain_hash> proposed;                         ///< hash of the record that carries it
  events::writer_id appended_by{};                                    ///< under which that record was appended; nil before
  bool read_back = false;
  uuid subject{};
};
using command_ptr = std::shared_ptr<pending_command>;

/// A batch as the tail read it; shared by all entities it has records for.
using shared_records = std::shared_ptr<const std::vector<events::stored_record>>;

/// Something that looks at an entity's state, on the entity's thread, after all that was read back before it was asked.
struct state_visit {
  events::entity_address target{};
  std::function<void(events::outcome<const entity_core*>)> visit; ///< called exactly once, also when it is dropped (sure_answer)
};
using visit_ptr = std::shared_ptr<const state_visit>;

/// An effect with its id and what it came from.
struct begun_effect {
  events::effect_id id{};
  events::entity_address owner{};
  events::event_cause cause{};
  events::correlation_id correlation{};
  effect what;
};

/// What applying one record asked for.
struct applied_effects {
  std::vector<begun_effect> begun;
  std::vector<events::effect_id> settled;
};

// ---- to an entity actor

/// Decide this command; one at a time, the rest is stashed.
struct decide_command {
  command_ptr command;
};
/// Apply `records[index]` of a batch, already judged by the epoch rule and checked against the chain.
struct apply_record {
  shared_records records;
  std::size_t index = 0;
  std::uint64_t batch = 0;
};
/// What was proposed did not reach the log: refuse it, or decide it again (no rejection).
struct proposal_ended {
  std::shared_ptr<const events::rejection> refuse; ///< null: decide again
  command_ptr command;                             ///< for an actor that took a dead one's place and knows nothing of it
};
/// Look at the state.
struct visit_state {
  visit_ptr visit;
};
/// Write your state and go: idle, over the memory budget, or the node stops.
struct leave_memory {};
/// Hand over the state to be stored, and stay.
struct store_state {};
/// What could not be loaded or asked for a moment ago is tried again: a record waits for it.
struct try_again {};
/// The blocking half of loading is done.
struct entity_loaded {
  std::shared_ptr<events::outcome<std::unique_ptr<entity_core>>> loaded;
};
/// The person's key was asked for.
struct key_asked {
  std::shared_ptr<const events::outcome<void>> answer;
};

// ---- to a partition actor

/// A command from outside or from an effect.
struct submit_command {
  command_ptr command;
};
/// A wish to look at an entity.
struct visit_entity {
  visit_ptr visit;
};
/// An entity's decision, sealed; the partition stamps epoch and writer (the hash does not cover them) and appends it.
struct propose_record {
  command_ptr command;
  std::shared_ptr<events::record> content;
  uuid subject{};
};
/// A command that needs no record: refused, or nothing to do, or known.
struct conclude_command {
  command_ptr command;
  std::shared_ptr<const command_outcome> result;
};
/// An entity applied a record of a batch, or could not.
struct record_applied {
  events::entity_ref entity{};
  std::uint64_t batch = 0;
  std::size_t index = 0;
  std::shared_ptr<applied_effects> effects;        ///< null for none
  std::shared_ptr<const events::failure> failed;   ///< poison: park the entity
  std::size_t memory_bytes = 0;
  events::uuid subject{}; ///< what the answer of the record's command names
};
/// An entity could not be loaded. `unavailable` ones are tried again by the next command; others are parked.
struct load_failed {
  events::entity_ref entity{};
  std::shared_ptr<const events::failure> why;
};
/// An entity's state, to be stored; `left`: it has gone.
struct entity_saved {
  events::entity_ref entity{};
  std::shared_ptr<events::entity_blob> blob; ///< null when nothing changed since the last one
  bool left = false;
};
/// Effects made again from the log.
struct effects_remade {
  std::shared_ptr<applied_effects> effects;
};
/// What is pending here, and what was refused lately.
struct effects_wanted {
  std::size_t effects_max = 0;
  std::function<void(events::outcome<std::vector<effect_status>>)> done;
};
/// Try an effect again now.
struct effect_retried {
  events::effect_id id{};
  std::function<void(events::outcome<void>)> done;
};
/// How an entity stands, without touching it.
struct standing_wanted {
  events::entity_address entity{};
  std::function<void(events::outcome<entity_standing>)> done;
};
/// A delivered command was answered, or a generation came to its end.
struct effect_answered {
  events::effect_id id{};
  events::command_id command{}; ///< of what was delivered, as all attempts of a reply are one effect; nil: of a generation
  std::shared_ptr<const command_outcome> result;
};
/// A turn was looked at: the command that observes it, with what was found in it or without, to be delivered.
struct turn_extracted {
  std::shared_ptr<const begun_effect> effect;
};
/// The tail read something (or nothing), or failed.
struct records_read {
  shared_records records;
  std::shared_ptr<const events::failure> failed;
};
/// How an append ended, as far as the log knows.
struct append_ended {
  command_ptr command; ///< null for control records
  std::shared_ptr<const events::record_headers> of;
  std::shared_ptr<const events::failure> failed; ///< null when it was stored: then the read-back says all
};
/// The producer was made anew; a fresh epoch can be announced.
struct writer_made_anew {
  std::shared_ptr<const events::failure> failed; ///< null: done
};
/// Catching up is done.
struct caught_up {
  std::shared_ptr<struct recovery_result> result;
};
/// A generation was offered to the other nodes.
struct generation_shared {
  std::optional<events::failure> failed;
  bool given = false; ///< false: theirs is as new
  std::chrono::milliseconds took{};
};
/// A generation of the local state was made.
struct checkpoint_made {
  std::shared_ptr<const events::outcome<events::checkpoint_manifest>> result;
  std::shared_ptr<const generation_shared> shared; ///< null: it was not offered
};
/// Where the log ended after it was asked, for answers that say how things stand.
struct log_end_told {
  std::uint32_t question = 0;
  std::shared_ptr<const events::outcome<events::log_range>> range;
};
/// Read an entity's history.
struct history_wanted {
  events::entity_address entity{};
  std::optional<events::entity_position> after;
  std::size_t updates_max = 0;
  std::function<void(events::outcome<std::vector<shared_update>>)> done;
};
/// Read texts that single events of a session hold again.
struct texts_wanted {
  events::entity_address entity{};
  std::vector<events::sequence_number> sequences;
  std::function<void(events::outcome<std::vector<said_text>>)> done;
};
/// Time passes.
struct partition_tick {};
/// Become (or stop being) the owner.
struct take_ownership {};
/// What was accepted is finished within the time; `done` is called when nothing of it is left here.
struct drop_ownership {
  std::chrono::milliseconds within{};
  std::function<void()> done;
};
/// Finish what was accepted within the time, store everything, end; `done` is called at the end.
struct stop_partition {
  std::chrono::milliseconds within{};
  std::function<void()> done;
};

// ---- to the tail, to workers

/// Read the next batch and send it to the partition.
struct read_more {};
/// Read on from here with this reader.
struct follow_log {
  std::shared_ptr<events::log_reader> reader;
};
struct stop_reading {};
/// Something that blocks.
struct run_work {
  std::shared_ptr<blocking_task> task;
};
struct stop_working {};

// ---- to the generation actor

struct begin_generation {
  std::shared_ptr<const begun_effect> effect;
};
/// One of the parts that a prompt needs is there: the function puts it in its place; or it failed.
struct prompt_gathered {
  events::message_id reply{};
  std::uint32_t gathering = 0; ///< of which gathering: late parts of an earlier one are dropped
  std::shared_ptr<const std::function<void(generation_inputs&)>> part;
  std::shared_ptr<const events::failure> failed;
};
struct model_spoke {
  events::message_id reply{};
  std::uint32_t call = 0;
  std::shared_ptr<std::string> piece;
};
struct model_done {
  events::message_id reply{};
  std::uint32_t call = 0;
  std::shared_ptr<const events::outcome<chat_result>> result;
};
struct stop_generation {
  events::session_id session{};
  events::user_id caller{};
  answer_callback done;
};
/// The end of a reply was submitted.
struct reply_settled {
  events::message_id reply{};
  std::uint32_t attempt = 0;
  std::shared_ptr<const command_outcome> result;
};
/// Try again now.
struct retry_generation {
  events::message_id reply{};
  std::uint32_t step = 0;
};
struct stop_generations {};
/// The partition is another node's: so are the replies of its sessions.
struct drop_generations {
  events::partition_number partition{};
};

// ---- to the extraction actor

/// Find the facts of a turn: the effect delivers the command that observes it.
struct begin_extraction {
  std::shared_ptr<const begun_effect> effect;
};
/// What was said before the turn is there; or there is nothing to ask a model for.
struct extraction_gathered {
  events::effect_id id{};
  std::uint32_t step = 0;
  std::shared_ptr<const extraction_inputs> inputs; ///< null: the rules look
};
struct extraction_done {
  events::effect_id id{};
  std::uint32_t step = 0;
  std::shared_ptr<const events::outcome<bond::turn_extraction>> result;
};
/// The time of a try, or of a wait between two, is over.
struct extraction_due {
  events::effect_id id{};
  std::uint32_t step = 0;
};
struct stop_extractions {};

} // namespace reverie::actors::runtime
