#pragma once

#include "projections/postgres/connection.hpp"
#include "projections/queries/read_models.hpp"

namespace reverie::projections {

/// A field of a list and the SQL it stands for.
struct sql_field {
  list_field field;
  std::string_view expression; ///< over the list's view
};

/// A list as SQL knows it: fixed text, written by us.
struct list_source {
  std::string_view from;    ///< the view, with its alias
  std::string_view columns; ///< what is selected
  std::span<const sql_field> fields;
  std::string_view own_order; ///< field the list is sorted by when nothing else is asked for
  bool own_order_descending = false;
  std::string_view id = "id"; ///< breaks ties
};

/// One page of a list. Values only ever travel as parameters; names come from the list's own fields. `malformed` for a cursor that is
/// not ours or of another order, a value that is not of the field's kind, an unknown field or op: the message names it.
class list_query {
public:
  /// `conditions` are joined by AND; `$1`, `$2` … of them are `params`.
  list_query(const list_source& source, std::vector<std::string> conditions, sql_params params)
      : source_(source), conditions_(std::move(conditions)), params_(std::move(params)) {}

  /// Fills in filters, order and place.
  outcome<void> apply(const list_request& request);

  /// Total, then the rows: two statements for one pipeline. The rows carry two columns more than asked for: sort key and id.
  std::vector<statement> statements() const;

  /// Page figures and cursor out of the answers; items are the caller's.
  template <class Item, class Read>
  page_of<Item> page(const std::vector<result>& answers, Read&& read) const {
    page_of<Item> made;
    made.total = static_cast<std::uint64_t>(answers[0].integer(0, 0));
    made.page = request_.page;
    made.page_size = request_.page_size;
    const auto& rows = answers[1];
    const auto count = std::min<std::size_t>(rows.rows(), request_.page_size);
    for (std::size_t i = 0; i < count; ++i) made.items.push_back(read(rows, i));
    made.has_more = rows.rows() > count;
    if (made.has_more && count > 0) made.next_cursor = cursor_after(rows, count - 1);
    return made;
  }

private:
  const sql_field* find(std::string_view name) const;
  outcome<void> add_filter(const list_filter& filter);
  outcome<void> add_place(const sql_field& order);
  std::string cursor_after(const result& rows, std::size_t line) const;
  std::string parameter(std::string text);

  const list_source& source_;
  std::vector<std::string> conditions_;
  sql_params params_;
  std::string place_; ///< the cursor's condition: not part of the total
  sql_params place_params_;
  list_request request_;
  std::string order_, order_name_;
  bool descending_ = false;
};

} // namespace reverie::projections
