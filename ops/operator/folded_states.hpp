#pragma once

#include "events/vault/key_ring.hpp"
#include "ops/operator/entity_timeline.hpp"

#include <list>
#include <map>
#include <mutex>
#include <string>
#include <unordered_map>

namespace reverie::ops {

/// States that folds came by, so that the next fold of a long entity need not begin at its first event: some over its whole length, and the
/// last few places where one ended. A log only grows, so they stay true; each is sealed with its person's key, so that none can be read any
/// more once the person is erased. Bounded by bytes. Thread-safe.
class folded_states {
public:
  struct bounds {
    std::size_t bytes = 0;          ///< of all; one entity has half of it at most
    std::size_t per_entity = 1;
    std::uint64_t every_events = 1; ///< between two of an entity; doubled whenever it has too many
    std::size_t at_rest = 1;        ///< of an entity, where folds ended
    std::size_t bytes_per_event = 1'000; ///< of a state: a large one is kept after as many more events, so that keeping costs less than folding
  };
  folded_states(events::key_ring& keys, bounds most) : keys_(keys), most_(most) {}

  /// The furthest state that lies within `until`; nothing when there is none that can be opened. May block for the key.
  std::optional<folded_entity> nearest(const events::entity_address& of, const fold_until& until);
  /// From which sequence on a state on the way is worth keeping.
  std::uint64_t due_after(const events::entity_address& of, events::sequence_number sequence) const;
  enum class why { on_the_way, at_rest };
  /// Keeps a state that stands at the end of a record. What can't be sealed is not kept. May block for the key. Answers from which sequence
  /// on the next one is worth it.
  std::uint64_t keep(const events::entity_address& of, const folded_entity& folded, why reason);

  std::size_t bytes() const;
  std::size_t states() const;

private:
  struct point {
    why reason{};
    events::sequence_number sequence{};
    events::log_position position{};
    events::timestamp at{}, latest_at{};
    events::user_id person{}; ///< whose key seals it; nil: it is nobody's
    std::shared_ptr<const std::string> sealed;
  };
  struct kept_entity {
    events::entity_ref entity{};
    std::map<std::uint64_t, point> points; ///< by sequence
    std::list<std::uint64_t> rests;        ///< oldest first
    std::uint64_t every = 0;
    std::size_t bytes = 0;
  };
  using kept_list = std::list<kept_entity>; ///< last asked for first

  events::outcome<folded_entity> opened(const events::entity_address& of, const point& one);
  bool put(const events::entity_address& of, const folded_entity& folded, why reason, std::string bytes);
  std::optional<point> find(const events::entity_ref& of, const fold_until& until);
  void forget(const events::entity_ref& of);
  kept_entity& place_of(const events::entity_ref& of);
  void drop(kept_entity& from, std::uint64_t sequence);
  void thin(kept_entity& which);
  void drop_entity(kept_list::iterator which);

  events::key_ring& keys_;
  const bounds most_;
  mutable std::mutex guard_;
  kept_list entities_;
  std::unordered_map<events::entity_ref, kept_list::iterator> places_;
  std::size_t bytes_ = 0;
};

} // namespace reverie::ops
