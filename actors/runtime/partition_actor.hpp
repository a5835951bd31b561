#pragma once

#include "actors/runtime/effect_book.hpp"
#include "actors/runtime/partition_state.hpp"

#include <random>

namespace reverie::actors::runtime {

/// Owner of one partition (DESIGN sections 4 and 5): claims it in the log, admits commands, keeps the registry of live entities, appends
/// what they decide, judges and dispatches every record that is read back, answers, keeps local state, starts effects.
/// Never blocks: catching up, checkpoints and history run on workers.
class partition_actor final : public partition_handle::base {
public:
  partition_actor(caf::actor_config& config, std::shared_ptr<node_services> services, events::partition_number partition);
  partition_handle::behavior_type make_behavior() override;
  void on_exit() override;

private:
  // partition_actor.cpp: life
  void begin_ownership();
  void take_recovered(const caught_up& message);
  void retry_later(const events::failure& why);
  void step_back(std::string why);
  template <class Handle>
  void attempt(const Handle& handle);
  template <class Message>
  auto guarded(void (partition_actor::*handle)(const Message&)) {
    return [this, handle](const Message& message) { attempt([&] { (this->*handle)(message); }); };
  }
  void start_over(const events::failure& why);
  void say_once(severity how, const std::string& trouble);
  void tick();
  void show_status();
  void log(severity how, const std::string& line) const;

  // partition_stopping.cpp: the end, for good or for another node
  void begin_stop(const stop_partition& message);
  void begin_release(const drop_ownership& message);
  void go_on_stopping(bool look_again);
  void finish_stop();
  void finish_release();

  // partition_generations.cpp: kept generations of its state
  void maybe_checkpoint();
  void take_checkpoint(const checkpoint_made& message);
  void check_generations();
  static void checkpoint_and_tell(std::shared_ptr<node_services> services, events::partition_number partition,
                                  std::shared_ptr<events::state_store> store, bool share, std::function<void()> told);

  // partition_ownership.cpp: epochs
  void announce();
  void retry_announcing();
  void take_announcement(const events::stored_record& record, const events::partition::owner_announced& announced);
  void lose_race();
  void take_fresh_writer(const writer_made_anew& message);
  void begin_serving();
  void renew(const std::string& why);
  void end_renewal();
  void take_control(const events::stored_record& record, open_batch& batch);
  events::record control_record(const events::event& what, events::epoch_number epoch, events::writer_id writer) const;
  void append_slices();

  // partition_admission.cpp: commands
  void admit(const submit_command& message);
  bool join_same(const command_ptr& command);
  events::outcome<std::optional<events::stored_answer>> known_answer(const events::command_id& ledger);
  void answer(pending_command& command, const command_outcome& result);
  void finish(const command_ptr& command, const command_outcome& result);
  void conclude(const conclude_command& message);
  void expire_commands();
  void refuse_all(const std::string& why);

  // partition_refusals.cpp: answers that no record proves
  void answer_when_sure(const command_ptr& command, command_outcome result);
  void ask_log_end();
  void take_log_end(const log_end_told& message);
  void answer_sure();

  // partition_appends.cpp: records on their way to the log
  void propose(const propose_record& message);
  void append(const command_ptr& command, std::shared_ptr<events::record> content);
  void end_append(const append_ended& message);
  void check_append_deadlines();

  // partition_records.cpp: records read back
  void take_batch(const records_read& message);
  void take_record(std::size_t index, open_batch& batch);
  bool know_tip(const events::entity_ref& entity);
  void count_fenced(const events::stored_record& record);
  void dispatch(const events::stored_record& record, std::size_t index, open_batch& batch);
  void take_report(const record_applied& message);
  void take_read_failure(const events::failure& why);
  void close_batches();
  void write_reported();
  void collect_reported();
  void write_collected(bool after_failure);
  void forget_tips();
  bool too_much_unwritten() const;
  void read_on();

  // partition_entities.cpp: the registry
  entity_slot& slot_of(const events::entity_address& address);
  entity_slot& slot_at(const events::entity_address& address, const entity_tip& tip);
  void spawn(entity_slot& slot, const entity_tip& tip);
  entity_handle spawn_entity(entity_start start);
  void give(entity_slot& slot, held_for_entity message);
  void touch(entity_slot& slot);
  void park(const events::entity_ref& entity, const std::string& why);
  void take_saved(const entity_saved& message);
  void take_load_failed(const load_failed& message);
  void take_death(const caf::down_msg& message);
  void respawn(entity_slot& slot);
  void respawn_due();
  void passivate();
  void drop_slot(entity_slot& slot);
  entity_tip tip_of(const events::entity_ref& entity);
  std::vector<events::history_entry> unwritten_history(const events::entity_address& address) const;
  void visit(const visit_entity& message);
  void read_history(const history_wanted& message);
  void read_texts(const texts_wanted& message);

  // partition_effects.cpp: what was asked for
  void begin_effects(const applied_effects& asked);
  void begin_effect(const begun_effect& effect);
  void deliver(delivery& one);
  void take_effect_answer(const effect_answered& message);
  void settle(events::effect_id id);
  void resume_effects();
  bool resume_effect(const events::pending_effect& pending);
  void take_over_effects(const applied_effects& asked);
  void remake_effects();
  void take_remade(const effects_remade& message);
  void take_extracted(const turn_extracted& message);
  void begin_delivery(const begun_effect& effect);
  void redeliver();

  // partition_inspection.cpp: what operators look at
  void show_effects(const effects_wanted& message);
  void retry_effect(const effect_retried& message);
  void show_standing(const standing_wanted& message);

  static constexpr const char* ends_in_order = "stopped";
  static constexpr const char* moves_in_order = "given to another node";

  std::shared_ptr<node_services> services_;
  events::partition_number partition_{};
  ownership phase_ = ownership::none;
  std::string reason_ = "starting";
  std::shared_ptr<partition_shared> shared_; ///< while owned
  tail_handle tail_;
  std::shared_ptr<events::log_reader> reader_;
  bool tail_idle_ = true;
  static constexpr std::size_t own_writers_kept = 16;
  std::vector<events::writer_id> own_writers_; ///< announced by this process, newest last
  std::chrono::milliseconds recover_at_{};
  std::uint32_t recoveries_ = 0;
  std::uint32_t crashes_ = 0;               ///< of handlers, since it last served for a while
  std::chrono::milliseconds serving_since_{};
  std::string trouble_;                     ///< logged last; said again only when it changes
  std::string reading_failed_;              ///< why the log can't be read on; empty while it can

  events::epoch_rule rule_;
  events::epoch_rule::counters counted_before_; ///< by rules that were made anew to free memory
  chain_tips tips_;
  events::log_offset next_offset_{};
  std::optional<announcement> announced_;
  std::optional<events::counting_pair> mine_; ///< the pair this process announced and read back
  int races_lost_ = 0;
  std::uint32_t renewals_ = 0;              ///< in a row that came to nothing
  std::chrono::milliseconds announce_at_{}, renew_at_{};
  std::optional<events::slice_map> slices_;
  std::chrono::milliseconds slices_at_{};   ///< when the slice map, which was refused, is appended again

  std::unordered_map<events::command_id, command_ptr> commands_;
  std::unordered_map<events::command_id, events::stored_answer> unwritten_answers_;
  std::deque<std::pair<std::chrono::milliseconds, events::command_id>> deadlines_;
  std::deque<append_deadline> append_deadlines_;
  std::vector<propose_record> held_proposals_;

  std::vector<unproven_answer> unproven_;                              ///< no question was asked since they came
  std::vector<unproven_answer> asked_for_;                             ///< the question under way is for them
  std::deque<std::pair<events::log_offset, std::vector<unproven_answer>>> sure_at_; ///< given once the log is read up to there
  std::uint32_t end_question_ = 0;
  bool asking_end_ = false;
  std::chrono::milliseconds ask_end_at_{};  ///< after a failure

  std::deque<open_batch> open_;
  std::uint64_t last_batch_ = 0;
  std::size_t open_records_ = 0, open_bytes_ = 0;
  events::state_batch unwritten_; ///< of batches that were reported and are not stored; without effects
  effect_changes unwritten_effects_;
  bool store_failing_ = false;
  std::uint64_t records_since_checkpoint_ = 0;
  std::chrono::milliseconds checkpoint_at_{};
  bool checkpoint_running_ = false;
  std::chrono::milliseconds share_at_{}, check_generations_at_{};
  std::string share_trouble_;               ///< logged last

  std::unordered_map<events::entity_ref, entity_slot> slots_;
  recency_list recency_;
  std::deque<std::pair<std::chrono::milliseconds, events::entity_ref>> down_; ///< dead ones and when they are made again
  std::size_t memory_bytes_ = 0;
  std::unordered_map<events::entity_ref, std::string> parked_;

  std::unordered_map<events::effect_id, events::pending_effect> pending_effects_;
  std::unordered_map<events::effect_id, delivery> deliveries_;
  std::vector<events::pending_effect> to_remake_;
  std::chrono::milliseconds remake_at_{};

  effect_book book_;
  std::optional<checkpoint_status> last_checkpoint_;

  std::minstd_rand jitter_{1};
  std::chrono::milliseconds stop_due_{};
  std::function<void()> stopped_; ///< set while stopping, or while it is given away
  bool gives_away_ = false;
  bool told_to_leave_ = false;    ///< all entities, once
  bool ended_ = false;
};

/// Whether what failed may work later, so that it is tried again.
bool passes_by_itself(events::rejection_code code);

} // namespace reverie::actors::runtime
