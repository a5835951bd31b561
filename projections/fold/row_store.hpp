#pragma once

#include "projections/fold/table.hpp"

#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace reverie::projections {

/// Rows of one table that are to be read from the database before a batch can be folded.
struct rows_asked {
  std::set<events::uuid> keys;                                  ///< by primary key
  std::set<std::pair<std::size_t, events::uuid>> groups;        ///< all rows whose column (by index) has this value
  bool empty() const { return keys.empty() && groups.empty(); }
};

/// An event that does not fit the rows: a message of a conversation that was never opened, say. Its entity is parked. The text never
/// holds what a person wrote.
struct fold_failure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Thrown by a look-up of a row that was not loaded yet: the batch is folded again once it is there. Never leaves the runner.
struct row_not_loaded {};

/// What a batch does to one table: rows to put in, rows to overwrite, keys to take out. Applied in this order.
struct table_changes {
  const table* of = nullptr;
  std::vector<const row*> inserted;
  std::vector<const row*> updated;
  std::vector<row> deleted_keys;

  bool empty() const { return inserted.empty() && updated.empty() && deleted_keys.empty(); }
};

/// The rows a batch of events touches, in memory: folds read and write here, and the net effect goes to Postgres in one go. So a
/// fold is pure, sees the rows of earlier events of its own batch, and costs no round trip. Of one thread.
class row_store {
public:
  /// `complete`: rows that were not loaded do not exist (tests).
  explicit row_store(std::span<const table* const> tables, bool complete = false);

  /// The cause of what is written next.
  void at(events::log_position cause) { cause_ = cause; }

  /// The row, or nothing when it does not exist. Throws row_not_loaded.
  const row* find(const table& in, const events::uuid& key);
  /// All rows whose column has the value, in order of their keys. Throws row_not_loaded.
  std::vector<const row*> where(const table& in, std::size_t column, const events::uuid& equals);

  /// Puts a row in (without lineage). A second one under the same key is a fold_failure when the first is known here, else the database
  /// refuses it.
  void insert(const table& in, row fresh);
  /// Overwrites columns of an existing row; nothing happens when there is none.
  void update(const table& in, const events::uuid& key, std::initializer_list<std::pair<std::size_t, value>> columns);
  void erase(const table& in, const events::uuid& key);
  /// Takes a row of an append-only table out, by its whole key.
  void erase_key(const table& in, row key);

  /// Says which rows will be looked up: they are loaded together before the batch is folded.
  void expect(const table& in, const events::uuid& key);
  /// Says that this batch puts such a row in: who expects it from here on will find it, and it is not looked for in the database.
  void expect_insertion(const table& in, const events::uuid& key);
  /// What is to be loaded now, by index of table; forgets the wishes.
  std::vector<rows_asked> take_wishes();
  /// Hands in what the database has for the wishes: rows with lineage.
  void loaded(std::size_t table_index, const rows_asked& asked, std::vector<row> rows);

  /// Back to what was loaded: changes are dropped, to fold the batch again.
  void rewind();
  /// The net changes, one entry per table in the order given. Valid until the store changes.
  std::vector<table_changes> changes() const;

  std::span<const table* const> tables() const { return tables_; }
  /// Rows as they stand now, lineage included, by key: for tests and for comparing.
  std::vector<row> rows(const table& in) const;

private:
  struct entry {
    std::optional<row> before; ///< as loaded
    std::optional<row> now;
    bool dirty = false;
  };
  struct table_rows {
    std::map<events::uuid, entry> rows;
    std::set<std::pair<std::size_t, events::uuid>> known_groups;
    std::vector<row> appended;
    std::vector<row> removed_keys;
    std::unordered_set<events::uuid> coming; ///< rows that the batch puts in itself
    rows_asked wishes;
  };

  table_rows& shelf_of(const table& in);
  void stamp(row& any) const;

  std::vector<const table*> tables_;
  std::vector<table_rows> shelves_;
  bool complete_;
  events::log_position cause_{};
};

} // namespace reverie::projections
