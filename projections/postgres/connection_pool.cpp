#include "projections/postgres/connection_pool.hpp"

namespace reverie::projections {

outcome<connection_pool::lease> connection_pool::borrow() {
  {
    std::unique_lock lock(mutex_);
    if (!freed_.wait_for(lock, options_.wait, [&] { return lent_ < options_.connections_max; }))
      return std::unexpected(failure{failure_code::overloaded, "all database connections are in use", options_.wait});
    ++lent_;
    while (!idle_.empty()) {
      auto held = std::move(idle_.back());
      idle_.pop_back();
      if (held.usable()) return lease(*this, std::move(held));
    }
  }
  auto fresh = connection::open(conninfo_, options_.connect_timeout, options_.statement_timeout);
  if (fresh) return lease(*this, std::move(*fresh));
  const std::scoped_lock lock(mutex_);
  --lent_;
  freed_.notify_one();
  return std::unexpected(fresh.error());
}

void connection_pool::give_back(connection held) {
  held.roll_back();
  const std::scoped_lock lock(mutex_);
  --lent_;
  if (held.usable()) idle_.push_back(std::move(held));
  freed_.notify_one();
}

outcome<result> connection_pool::run(const std::string& sql, const sql_params& params) {
  for (bool again = false;; again = true) {
    auto held = borrow();
    if (!held) return std::unexpected(held.error());
    auto answer = (*held)->run(sql, params);
    if (answer || again || (*held)->usable()) return answer;
    const std::scoped_lock lock(mutex_);
    idle_.clear(); // a restart of the server broke them all
  }
}

} // namespace reverie::projections
