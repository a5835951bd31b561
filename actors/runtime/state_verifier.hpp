#pragma once

#include "actors/domain/entity_logic.hpp"
#include "events/log/state_store.hpp"
#include "events/replay/log_replay.hpp"

#include <memory>
#include <unordered_map>

namespace reverie::actors::runtime {

/// Folds every entity of one partition while the log is replayed, and holds each stored blob against the folded state at the blob's own
/// sequence. One thread.
class state_verifier final : public events::replay_visitor {
public:
  /// Takes from `stored` what each blob claims; null: only folds (every event must be applicable).
  events::outcome<void> expect(events::state_store* stored);

  void on_event(events::recorded_event& each, bool redacted) override;
  void on_difference(const events::log_difference&) override {}

  /// Blobs that claim what the log does not give: their state differs, or their sequence lies beyond the log. Call after the replay.
  std::uint64_t finish();
  std::uint64_t compared() const { return compared_; }
  const std::optional<events::log_difference>& first_difference() const { return first_; }

private:
  struct claim {
    events::sequence_number sequence{};
    std::array<std::uint8_t, 16> hash{};
    bool met = false;
  };
  void differs(const events::event_context& at, std::string what);

  std::unordered_map<events::entity_ref, claim> claims_;
  std::unordered_map<events::entity_ref, std::unique_ptr<entity_logic>> folded_;
  std::unordered_map<events::entity_ref, bool> redacted_;
  std::uint64_t differences_ = 0, compared_ = 0;
  std::optional<events::log_difference> first_;
};

} // namespace reverie::actors::runtime
