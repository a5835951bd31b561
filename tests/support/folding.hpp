#pragma once

#include "projections/fold/fold.hpp"
#include "tests/support/record_samples.hpp"

#include <map>
#include <set>
#include <sstream>
#include <stdexcept>

namespace reverie::tests {

/// One projection in memory: given events, its rows. All events are at partition 0, one offset and one second after the other.
class folded_projection {
public:
  explicit folded_projection(std::string_view name) : with_(*projections::find_fold(name)), rows_(with_.tables(), true) {}

  /// Folds an event if it is wanted; answers whether it is.
  bool happen(events::entity_ref entity, events::event what) {
    events::recorded_event one;
    one.context.entity = {entity, entity.id};
    one.context.sequence = {++sequences_[entity]};
    one.context.position = {{0}, {clock_}};
    one.context.at = events::from_milliseconds(1'700'000'000'000 + 1000 * static_cast<std::int64_t>(clock_++));
    one.payload = std::move(what);
    if (!with_.takes(one)) return false;
    rows_.at(one.context.position);
    with_.expect(one, rows_);
    with_.apply(one, rows_);
    return true;
  }

  const projections::fold& with() const { return with_; }

  /// The rows of a table.
  std::vector<projections::row> rows(std::string_view table) const {
    for (const auto* each : with_.tables())
      if (each->name == table) return rows_.rows(*each);
    throw std::invalid_argument("no such table: " + std::string(table));
  }
  /// One cell as text, of the only row or of the row with this key.
  std::string cell(std::string_view table, std::string_view column, std::optional<events::uuid> key = std::nullopt) const {
    for (const auto* each : with_.tables()) {
      if (each->name != table) continue;
      for (const auto& row : rows_.rows(*each)) {
        if (key && row.front() != projections::value(*key)) continue;
        for (std::size_t i = 0; i < each->columns.size(); ++i)
          if (each->columns[i].name == column) return text_of(row[i]);
      }
    }
    return "no row";
  }
  /// Everything, one row a line, sorted.
  std::string all() const {
    std::string made;
    for (const auto* each : with_.tables()) {
      std::multiset<std::string> lines;
      for (const auto& row : rows_.rows(*each)) {
        std::string line(each->name);
        for (const auto& cell : row) line += "|" + text_of(cell);
        lines.insert(std::move(line));
      }
      for (const auto& line : lines) made += line + "\n";
    }
    return made;
  }

  static std::string text_of(const projections::value& cell) {
    struct printing {
      std::string operator()(std::monostate) const { return "null"; }
      std::string operator()(bool one) const { return one ? "true" : "false"; }
      std::string operator()(std::int64_t one) const { return std::to_string(one); }
      std::string operator()(double one) const {
        std::ostringstream out;
        out << one;
        return out.str();
      }
      std::string operator()(const std::string& one) const { return one; }
      std::string operator()(const events::uuid& one) const { return events::to_string(one); }
      std::string operator()(const events::timestamp& one) const { return std::to_string(events::to_milliseconds(one)); }
      std::string operator()(const std::vector<std::string>& one) const {
        std::string joined;
        for (const auto& each : one) joined += (joined.empty() ? "" : ",") + each;
        return "[" + joined + "]";
      }
      std::string operator()(const projections::json_text& one) const { return one.text; }
      std::string operator()(const projections::bytes_text& one) const { return one.bytes; }
    };
    return std::visit(printing{}, cell);
  }

private:
  const projections::fold& with_;
  projections::row_store rows_;
  std::map<events::entity_ref, std::uint64_t> sequences_;
  std::uint64_t clock_ = 0;
};

} // namespace reverie::tests
