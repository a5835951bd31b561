#pragma once

#include "projections/postgres/connection.hpp"

#include <condition_variable>
#include <mutex>

namespace reverie::projections {

/// How many connections, and how long to wait for one, for connecting and for a statement.
struct pool_options {
  std::size_t connections_max = 8;
  std::chrono::milliseconds wait{2'000};
  std::chrono::seconds connect_timeout{3};
  std::chrono::milliseconds statement_timeout{10'000};
};

/// A bounded set of connections, made when they are needed and made again when they break. Thread-safe; must outlive what it lends.
class connection_pool {
public:
  explicit connection_pool(std::string conninfo, pool_options options = {}) : conninfo_(std::move(conninfo)), options_(options) {}

  /// A lent connection; comes back when it goes out of scope. One in a transaction is rolled back, a broken one dropped.
  class lease {
  public:
    lease(connection_pool& home, connection held) : home_(&home), held_(std::move(held)) {}
    lease(lease&& other) noexcept : home_(std::exchange(other.home_, nullptr)), held_(std::move(other.held_)) {}
    lease& operator=(lease&&) = delete;
    ~lease() {
      if (home_ != nullptr) home_->give_back(std::move(held_));
    }
    connection& operator*() { return held_; }
    connection* operator->() { return &held_; }

  private:
    connection_pool* home_;
    connection held_;
  };

  /// Waits for a free connection up to the deadline, then `overloaded`; `unavailable` when the server can't be reached.
  outcome<lease> borrow();

  /// Borrows and runs one statement. A connection that broke while it lay idle is replaced once.
  outcome<result> run(const std::string& sql, const sql_params& params = {});

  const std::string& conninfo() const { return conninfo_; }

private:
  void give_back(connection held);

  std::string conninfo_;
  pool_options options_;
  std::mutex mutex_;
  std::condition_variable freed_;
  std::vector<connection> idle_;
  std::size_t lent_ = 0;
};

} // namespace reverie::projections
