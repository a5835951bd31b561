#pragma once

#include "projections/fold/fold.hpp"

namespace reverie::projections {

/// The message tree of each conversation with texts; the active branch is flagged.
class messages_fold : public fold {
public:
  std::string_view name() const override { return "messages"; }
  std::uint32_t version() const override { return 2; }
  std::span<const table* const> tables() const override;
  bool wants(const events::event& any) const override;
  void expect(const events::recorded_event& happened, row_store& rows) const override;
  void apply(const events::recorded_event& happened, row_store& rows) const override;
};

} // namespace reverie::projections
