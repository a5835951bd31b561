#pragma once

#include "projections/fold/table.hpp"

#include <string>

namespace reverie::projections {

/// Writes rows in Postgres' binary COPY format. A cell's C++ type says its SQL type (column_type).
class copy_writer {
public:
  copy_writer();

  /// Adds a row; `columns` cells of it.
  void add(const row& cells);
  /// The bytes with the trailer; the writer is empty afterwards.
  std::string finish();

private:
  std::string bytes_;
};

} // namespace reverie::projections
