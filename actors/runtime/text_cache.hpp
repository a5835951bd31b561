#pragma once

#include "actors/effects/generation_inputs.hpp"

#include <cstddef>
#include <list>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace reverie::actors::runtime {

/// Texts of older turns that were read from the log and opened, so that the next reply of the same conversation need not do it again. The
/// longest unused go first. Thread-safe.
class text_cache {
public:
  explicit text_cache(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  /// Gives what is known of these and removes it from `wanted`.
  std::vector<said_text> take_known(const events::entity_address& session, std::vector<events::sequence_number>& wanted);
  void keep(const events::entity_address& session, const said_text& said);
  /// All of a session's texts go.
  void forget(const events::entity_address& session);
  std::size_t bytes() const;

private:
  struct kept_session {
    events::entity_ref session{};
    std::unordered_map<std::uint64_t, said_text> texts; ///< by sequence
    std::size_t bytes = 0;
  };
  using kept_list = std::list<kept_session>; ///< last used first

  void drop(kept_list::iterator which);

  mutable std::mutex guard_;
  kept_list sessions_;
  std::unordered_map<events::entity_ref, kept_list::iterator> places_;
  std::size_t bytes_max_;
  std::size_t bytes_ = 0;
};

} // namespace reverie::actors::runtime
