#pragma once

#include "actors/runtime/messages.hpp"

#include <deque>
#include <unordered_map>

namespace reverie::actors::runtime {

/// What operators want to know of effects beside what has to be done: since when they wait, what went wrong, and what was refused for good
/// (the last of them, to be tried anew on request). Of one partition's actor.
class effect_book {
public:
  struct refused_effect {
    begun_effect effect;
    effect_status shown;
  };

  void note_problem(events::effect_id id, std::string problem) { waits_[id].problem = std::move(problem); }
  /// It is settled: nothing of it is kept but a refusal.
  void forget(events::effect_id id) { waits_.erase(id); }
  /// How many are known to wait.
  std::size_t noted() const { return waits_.size(); }
  void refuse(const begun_effect& effect, std::uint32_t attempts, std::string problem, events::timestamp now);
  /// A refused one, to be begun anew; it is forgotten here.
  std::optional<begun_effect> take_refused(events::effect_id id);

  /// What waits, the oldest first (of one moment by id), at most `effects_max`; then all that was refused, however long the queue is: these
  /// are what an operator can do something about. An effect counts from when it was first looked at, which the server does every few seconds.
  std::vector<effect_status> list(const std::unordered_map<events::effect_id, events::pending_effect>& pending,
                                  const std::unordered_map<events::effect_id, struct delivery>& deliveries, std::size_t effects_max,
                                  events::timestamp now);

private:
  static constexpr std::size_t refused_max = 200;
  struct waiting_effect {
    events::timestamp since{};
    std::string problem;
  };
  std::unordered_map<events::effect_id, waiting_effect> waits_;
  std::deque<refused_effect> refused_;
};

} // namespace reverie::actors::runtime
