#pragma once

#include "actors/runtime/entity_core.hpp"
#include "actors/runtime/entity_loading.hpp"
#include "actors/runtime/node_services.hpp"

#include <variant>

namespace reverie::actors::runtime {

/// What all entity actors of one partition share.
struct partition_shared {
  std::shared_ptr<node_services> services;
  events::partition_number partition{};
  std::shared_ptr<events::state_store> store;
  partition_handle owner;
};

/// What an entity actor starts from.
struct entity_start {
  events::entity_address address{};
  entity_tip tip;                               ///< what it must hold before it takes the next record
  std::vector<events::history_entry> unwritten; ///< of records whose batch is not stored yet
};

/// The generic shell of one live entity: load, stash while a record is under way, decide, propose, evolve on read-back, report, leave.
/// It knows no kind. Kept small: hundreds of thousands live at once.
class entity_actor final : public entity_handle::base {
public:
  entity_actor(caf::actor_config& config, std::shared_ptr<const partition_shared> shared, entity_start start);
  entity_handle::behavior_type make_behavior() override;
  void on_exit() override;

private:
  /// What waits while the entity loads, waits for a key, or has a record under way.
  using held = std::variant<decide_command, apply_record, visit_state, leave_memory, store_state>;
  struct proposal {
    command_ptr command;
    events::chain_hash hash{};
    std::vector<events::event> decided;
  };
  enum class phase : std::uint8_t { loading, ready, awaiting_key };

  // entity_actor.cpp: life and messages
  void load();
  void load_on_worker();
  void take_loaded(const entity_loaded& message);
  void give_up(const events::failure& why);
  bool record_waits() const;
  void answer_held(const events::failure& why);
  void wait_and_try_again();
  void try_again_now();
  void take(held message);
  void handle(held message);
  void resume();
  void ask_key(events::user_id person, bool fresh);
  void take_key(const key_asked& message);
  void save(bool leave);

  // entity_decisions.cpp: commands and records
  void decide(const command_ptr& command);
  bool repeat_known(const pending_command& command, const events::data_key* key, const command_ptr& shared_command);
  void propose(const command_ptr& command, accepted decided, events::user_id person, const events::data_key* key);
  void end_proposal(const proposal_ended& message);
  bool apply(const apply_record& message);
  void publish(std::vector<events::recorded_event> happened, const events::log_position& position);
  void conclude(const command_ptr& command, command_outcome result);
  void refuse(const command_ptr& command, events::rejection_code code, std::string message, bool retry);
  events::log_position position_now() const;

  std::shared_ptr<const partition_shared> shared_;
  std::unique_ptr<entity_start> start_; ///< only while loading
  std::unique_ptr<entity_core> core_;
  std::unique_ptr<proposal> under_way_;
  std::vector<held> held_;
  std::uint32_t applied_since_save_ = 0;
  std::uint8_t tries_ = 0;              ///< in a row, of what a record waits for
  phase phase_ = phase::loading;
};

} // namespace reverie::actors::runtime
