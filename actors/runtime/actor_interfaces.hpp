#pragma once

#include "actors/runtime/caf_compat.hpp"
#include "actors/runtime/messages.hpp"

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reverie::actors::runtime::decide_command)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reverie::actors::runtime::apply_record)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reverie::actors::runtime::proposal_ended)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reverie::actors::runtime::visit_state)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reverie::actors::runtime::leave_memory)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reverie::actors::runtime::store_state)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reverie::actors::runtime::try_again)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reverie::actors::runtime::entity_loaded)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reverie::actors::runtime::key_asked)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reverie::actors::runtime::submit_command)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reverie::actors::runtime::visit_entity)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reverie::actors::runtime::propose_record)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reverie::actors::runtime::conclude_command)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reverie::actors::runtime::record_applied)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reverie::actors::runtime::load_failed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reverie::actors::runtime::entity_saved)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reverie::actors::runtime::effects_remade)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reverie::actors::runtime::effects_wanted)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reverie::actors::runtime::effect_retried)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reverie::actors::runtime::standing_wanted)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reverie::actors::runtime::effect_answered)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reverie::actors::runtime::records_read)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reverie::actors::runtime::append_ended)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reverie::actors::runtime::writer_made_anew)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reverie::actors::runtime::caught_up)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reverie::actors::runtime::checkpoint_made)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reverie::actors::runtime::log_end_told)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reverie::actors::runtime::history_wanted)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reverie::actors::runtime::texts_wanted)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reverie::actors::runtime::partition_tick)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reverie::actors::runtime::take_ownership)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reverie::actors::runtime::drop_ownership)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reverie::actors::runtime::stop_partition)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reverie::actors::runtime::read_more)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reverie::actors::runtime::follow_log)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reverie::actors::runtime::stop_reading)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reverie::actors::runtime::run_work)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reverie::actors::runtime::stop_working)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reverie::actors::runtime::begin_generation)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reverie::actors::runtime::prompt_gathered)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reverie::actors::runtime::model_spoke)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reverie::actors::runtime::model_done)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reverie::actors::runtime::stop_generation)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reverie::actors::runtime::reply_settled)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reverie::actors::runtime::retry_generation)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reverie::actors::runtime::stop_generations)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reverie::actors::runtime::drop_generations)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reverie::actors::runtime::turn_extracted)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reverie::actors::runtime::begin_extraction)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reverie::actors::runtime::extraction_gathered)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reverie::actors::runtime::extraction_done)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reverie::actors::runtime::extraction_due)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reverie::actors::runtime::stop_extractions)

/// The typed roles of one node. What each message asks for stands at its struct in messages.hpp.
namespace reverie::actors::runtime {

/// One live entity: state, and the rules of its kind.
using entity_handle = actor_taking<decide_command, apply_record, proposal_ended, visit_state, leave_memory, store_state,
                                   try_again, entity_loaded, key_asked>;

/// Owner of one partition: epoch, registry, admission, appends, dispatch of what was read back, checkpoints.
using partition_handle =
    actor_taking<submit_command, visit_entity, propose_record, conclude_command, record_applied, load_failed, entity_saved,
                 effects_remade, effect_answered, records_read, append_ended, writer_made_anew, caught_up, checkpoint_made, log_end_told, history_wanted,
                 texts_wanted, partition_tick, take_ownership, drop_ownership, stop_partition, turn_extracted, effects_wanted, effect_retried, standing_wanted>;

/// Reads the log of one partition, one batch at a time when asked. Blocks while it waits: a thread of its own.
using tail_handle = actor_taking<follow_log, read_more, stop_reading>;

/// Runs what blocks (vault, Postgres, checkpoints, history). A thread of its own; tests run it in turn.
using worker_handle = actor_taking<run_work, stop_working>;

/// All replies that are being made on this node.
using generation_handle = actor_taking<begin_generation, prompt_gathered, model_spoke, model_done, stop_generation, reply_settled,
                                       retry_generation, stop_generations, drop_generations>;

/// All turns of this node that a model is to look at for facts.
using extraction_handle = actor_taking<begin_extraction, extraction_gathered, extraction_done, extraction_due, stop_extractions>;

} // namespace reverie::actors::runtime
