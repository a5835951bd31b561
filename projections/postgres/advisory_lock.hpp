#pragma once

#include "projections/postgres/connection.hpp"

namespace reverie::projections {

/// A lock of the database by name, held by a connection until this goes out of scope (or the connection ends): of all processes, one
/// has it. The connection must outlive it.
class advisory_lock {
public:
  /// Waits until nobody else has it.
  static outcome<advisory_lock> wait(connection& database, std::string name);
  /// `locked` when somebody else has it.
  static outcome<advisory_lock> try_now(connection& database, std::string name);

  advisory_lock(advisory_lock&& other) noexcept : database_(std::exchange(other.database_, nullptr)), name_(std::move(other.name_)) {}
  advisory_lock& operator=(advisory_lock&&) = delete;
  ~advisory_lock();

private:
  advisory_lock(connection& database, std::string name) : database_(&database), name_(std::move(name)) {}

  connection* database_;
  std::string name_;
};

} // namespace reverie::projections
