#pragma once

#include "actors/domain/entity_logic.hpp"
#include "events/log/state_store.hpp"
#include "events/replay/log_replay.hpp"
#include "events/vault/key_ring.hpp"
#include "gateway/wire/masking.hpp"

#include <deque>
#include <memory>
#include <unordered_map>

namespace reverie::ops {

/// Something that a verification found: the first event from which on a state is not what the log folds to, or a record that is not whole.
struct verification_finding {
  events::log_difference difference;
  std::string kind;                                          ///< chain, state
  gateway::document changes = gateway::document::array();    ///< of a state: from the stored to the folded one, values as they are
};

/// How far one partition is verified, and what was found on the way.
struct verified_place {
  events::log_offset next{};
  events::counting_pair pair{};
  std::uint64_t records = 0, events = 0, entities = 0, fenced = 0, repeated = 0, gaps = 0, redacted = 0, differences = 0, compared = 0;
  std::vector<verification_finding> findings; ///< the first ones, without changes once they were stored
  gateway::document more = nullptr;           ///< what the caller stores with it
};

/// Folds every entity of one partition and holds it against what a server stored of it. What was folded is kept in a store of its own, in one
/// write with the place it stands at: verification goes on from there after any end. States are sealed there as everywhere; a person whose key
/// is destroyed is checked by chains alone. One thread.
class verified_states final : public events::replay_visitor {
public:
  struct sources {
    std::shared_ptr<events::state_store> own;    ///< where verification keeps what it folded; null: nowhere, begun anew each time
    std::shared_ptr<events::state_store> stored; ///< what is verified beside the log; may be null
    events::key_ring* keys = nullptr;            ///< null: nobody's texts can be read
    events::partition_number partition{};
  };
  explicit verified_states(sources from) : from_(std::move(from)) {}

  /// Reads where an earlier verification stood.
  events::outcome<void> open();
  const verified_place& place() const { return place_; }
  void store_with_it(gateway::document more) { place_.more = std::move(more); }
  /// The rule and the links as they stand there, for a replay that goes on.
  events::outcome<events::epoch_rule> rule() const;
  events::outcome<std::unordered_map<events::entity_ref, events::chain_hash>> links() const;
  /// Next sequence and last link of an entity.
  std::optional<std::pair<events::sequence_number, events::chain_hash>> tip_of(const events::entity_ref& entity);

  void on_event(events::recorded_event& each, bool redacted) override;
  void on_verdict(const events::stored_record& record, events::record_verdict verdict) override;
  void on_difference(const events::log_difference& difference) override;
  events::outcome<void> on_batch(events::log_offset next) override;

  /// Writes what was folded since, with the place before `next`. Nothing was stored when it fails.
  events::outcome<void> commit(events::log_offset next);
  /// Holds everything the server stored against what was folded: at equal sequences the states, else that nothing is ahead of the log. What
  /// was found before is not found again.
  /// With `at_rest` false a server is at work: what it stored may be newer than what was read.
  events::outcome<void> sweep(bool at_rest);
  /// Findings since they were taken last.
  std::vector<verification_finding> take_findings();
  std::uint64_t uncommitted() const { return uncommitted_; }

private:
  struct live {
    events::entity_address address{};
    std::unique_ptr<actors::entity_logic> logic; ///< null: can't be folded, its past can't be read
    events::sequence_number sequence{};
    events::chain_hash hash{};
    std::optional<events::entity_blob> claim;    ///< what the server stored, as it was when the entity was met
    bool changed = false, fresh = false;
  };
  live& meet(const events::entity_address& address);
  std::unique_ptr<actors::entity_logic> restored(const events::entity_blob& blob) const;
  void compare(live& one, const events::event_context& at);
  void differs(events::log_difference difference, const events::entity_blob& blob, const actors::entity_logic& folded);
  void note(verification_finding finding);
  std::optional<events::entity_blob> blob_of(const live& one) const;

  sources from_;
  verified_place place_;
  std::unordered_map<events::entity_ref, live> live_;
  std::vector<verification_finding> fresh_;
  std::uint64_t uncommitted_ = 0;
};

} // namespace reverie::ops
