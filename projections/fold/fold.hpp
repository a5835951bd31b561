#pragma once

#include "events/model/event.hpp"
#include "projections/fold/row_store.hpp"

#include <span>
#include <string_view>

namespace reverie::projections {

/// What a projection is: a name, a version, the events it wants and how each changes its rows. Its tables and views are the
/// template `migrations/projections/<name>.sql`. Stateless and thread-safe; everything it knows is in the event and the store.
class fold {
public:
  virtual ~fold() = default;

  virtual std::string_view name() const = 0;
  /// Grows whenever the tables or what goes into them change.
  virtual std::uint32_t version() const = 0;
  virtual std::span<const table* const> tables() const = 0;
  virtual bool wants(const events::event& any) const = 0;
  /// Forks are an operator's copies: no projection of what people have holds any of them.
  virtual bool of_forks() const { return false; }
  /// Whether an event is for this projection: of its kind of entity, and wanted.
  bool takes(const events::recorded_event& one) const {
    return events::is_fork(one.context.entity.entity.kind) == of_forks() && wants(one.payload);
  }

  /// Says which rows `apply` will look up or put in, as far as the event alone tells: a matter of speed only.
  virtual void expect(const events::recorded_event& happened, row_store& rows) const = 0;
  /// Changes the rows as the event says. Pure; throws row_not_loaded when a row it needs is not there yet, in which case it is
  /// called again from the start of the batch.
  virtual void apply(const events::recorded_event& happened, row_store& rows) const = 0;
};

/// Every projection of the server, in the order in which they are created.
std::span<const fold* const> all_folds();
/// By name; null for an unknown one.
const fold* find_fold(std::string_view name);

} // namespace reverie::projections
