#include "events/vault/memory_wrapped_key_store.hpp"

namespace reverie::events {

namespace {

std::unexpected<failure> is_away() { return fail(failure_code::unavailable, "the vault is away"); }

} // namespace

outcome<std::optional<wrapped_key_row>> memory_wrapped_key_store::load(user_id person) {
  std::lock_guard lock(mutex_);
  ++loads_;
  if (away_) return is_away();
  auto row = rows_.find(person);
  if (row == rows_.end()) return std::optional<wrapped_key_row>{};
  return row->second;
}

outcome<wrapped_key_row> memory_wrapped_key_store::store(user_id person, const std::string& wrapped) {
  std::lock_guard lock(mutex_);
  if (away_) return is_away();
  return rows_.try_emplace(person, wrapped_key_row{false, wrapped}).first->second;
}

outcome<void> memory_wrapped_key_store::destroy(user_id person) {
  std::lock_guard lock(mutex_);
  if (away_) return is_away();
  rows_[person] = {true, {}};
  return {};
}

void memory_wrapped_key_store::set_away(bool away) {
  std::lock_guard lock(mutex_);
  away_ = away;
}

std::size_t memory_wrapped_key_store::loads() const {
  std::lock_guard lock(mutex_);
  return loads_;
}

} // namespace reverie::events
