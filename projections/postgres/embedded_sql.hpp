#pragma once

#include <span>
#include <string_view>

namespace reverie::projections {

/// A file of `migrations/` as it was when the binary was built.
struct embedded_script {
  std::string_view name; ///< without `.sql`
  std::string_view sql;
};

/// `migrations/NNNN_*.sql` in order.
std::span<const embedded_script> embedded_migrations();
/// `migrations/projections/*.sql`.
std::span<const embedded_script> embedded_templates();

} // namespace reverie::projections
