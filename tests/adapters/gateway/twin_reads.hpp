#pragma once

#include "tests/adapters/gateway/twin_node.hpp"

#include "actors/effects/recall.hpp"
#include "projections/queries/read_models.hpp"
#include "projections/runner/progress.hpp"

namespace reverie::tests {

/// Read models straight from the twin node's state: as if projections had no delay.
class twin_reads : public projections::read_models, public actors::recall, public projections::projection_progress {
public:
  explicit twin_reads(twin_node& node) : node_(node) {}
  template <class T>
  using outcome = events::outcome<T>;

  outcome<std::optional<projections::user_row>> user(events::user_id id) override;
  outcome<projections::page_of<projections::character_row>> characters(events::user_id reader,
                                                                       const projections::list_request& request) override;
  outcome<std::optional<projections::character_row>> character(events::user_id reader, events::character_id id) override;
  outcome<std::optional<projections::card_bytes>> card(events::user_id reader, events::character_id id) override;
  outcome<projections::page_of<projections::conversation_row>> conversations(events::user_id reader,
                                                                             const projections::list_request& request) override;
  outcome<std::optional<projections::conversation_row>> conversation(events::user_id reader, events::session_id id) override;
  outcome<std::optional<projections::page_of<projections::message_row>>> messages(events::user_id reader, events::session_id conversation,
                                                                                  const projections::list_request& request) override;
  outcome<projections::page_of<projections::memory_row>> memories(events::user_id reader, std::optional<events::character_id> character,
                                                                  const projections::list_request& request) override;
  outcome<std::optional<projections::memory_row>> memory(events::user_id reader, events::memory_id id) override;
  outcome<std::optional<projections::bond_row>> bond(events::user_id reader, events::character_id character) override;

  outcome<actors::recall_result> find(const actors::recall_query& query) override;

  void when_folded(events::log_position position, std::chrono::milliseconds wait, std::function<void(bool)> done) override;
  std::vector<projections::projection_status> status() override;

  bool away = false;                 ///< Postgres is gone
  events::log_offset folded_to{1'000'000'000}; ///< first offset not folded
  events::user_id memory_owner{};
  std::vector<projections::memory_row> kept;

private:
  twin_node& node_;
};

} // namespace reverie::tests
