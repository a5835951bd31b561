#pragma once

#include "projections/fold/fold.hpp"

namespace reverie::projections {

/// What operators copied from conversations to continue it apart: one row a fork. Texts are not in it; they are read from the log.
class forks_fold final : public fold {
public:
  std::string_view name() const override { return "forks"; }
  std::uint32_t version() const override { return 1; }
  std::span<const table* const> tables() const override;
  bool wants(const events::event& any) const override;
  bool of_forks() const override { return true; }
  void expect(const events::recorded_event& happened, row_store& rows) const override;
  void apply(const events::recorded_event& happened, row_store& rows) const override;
};

} // namespace reverie::projections
