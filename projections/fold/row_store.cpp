#include "projections/fold/row_store.hpp"

#include "events/model/assert.hpp"

#include <algorithm>

namespace reverie::projections {

row_store::row_store(std::span<const table* const> tables, bool complete)
    : tables_(tables.begin(), tables.end()), shelves_(tables.size()), complete_(complete) {}

row_store::table_rows& row_store::shelf_of(const table& in) {
  const auto at = std::ranges::find(tables_, &in);
  REVERIE_ASSERT(at != tables_.end(), "a fold writes only to its own tables");
  return shelves_[static_cast<std::size_t>(at - tables_.begin())];
}

void row_store::stamp(row& any) const {
  any[any.size() - 2] = static_cast<std::int64_t>(cause_.partition.value);
  any[any.size() - 1] = static_cast<std::int64_t>(cause_.offset.value);
}

const row* row_store::find(const table& in, const events::uuid& key) {
  auto& shelf = shelf_of(in);
  const auto at = shelf.rows.find(key);
  if (at != shelf.rows.end()) return at->second.now ? &*at->second.now : nullptr;
  if (complete_) return nullptr;
  shelf.wishes.keys.insert(key);
  throw row_not_loaded{};
}

std::vector<const row*> row_store::where(const table& in, std::size_t column, const events::uuid& equals) {
  auto& shelf = shelf_of(in);
  if (!complete_ && !shelf.known_groups.contains({column, equals})) {
    shelf.wishes.groups.insert({column, equals});
    throw row_not_loaded{};
  }
  std::vector<const row*> found;
  for (const auto& [key, each] : shelf.rows) {
    if (!each.now) continue;
    const auto* held = std::get_if<events::uuid>(&(*each.now)[column]);
    if (held != nullptr && *held == equals) found.push_back(&*each.now);
  }
  return found;
}

void row_store::insert(const table& in, row fresh) {
  REVERIE_ASSERT(fresh.size() == in.columns.size(), "a row has as many cells as its table has columns");
  fresh.resize(fresh.size() + std::size(lineage_columns));
  stamp(fresh);
  auto& shelf = shelf_of(in);
  if (in.append_only) {
    shelf.appended.push_back(std::move(fresh));
    return;
  }
  auto& held = shelf.rows[std::get<events::uuid>(fresh[0])];
  if (held.now) throw fold_failure("there is a row of this id already");
  held.now = std::move(fresh);
  held.dirty = true;
}

void row_store::update(const table& in, const events::uuid& key, std::initializer_list<std::pair<std::size_t, value>> columns) {
  if (find(in, key) == nullptr) return;
  auto& held = shelf_of(in).rows[key];
  bool changed = false;
  for (const auto& [index, fresh] : columns) {
    if ((*held.now)[index] == fresh) continue;
    (*held.now)[index] = fresh;
    changed = true;
  }
  if (!changed) return;
  stamp(*held.now);
  held.dirty = true;
}

void row_store::erase(const table& in, const events::uuid& key) {
  if (find(in, key) == nullptr) return;
  auto& held = shelf_of(in).rows[key];
  held.now.reset();
  held.dirty = true;
}

void row_store::erase_key(const table& in, row key) { shelf_of(in).removed_keys.push_back(std::move(key)); }

void row_store::expect(const table& in, const events::uuid& key) {
  if (complete_) return;
  auto& shelf = shelf_of(in);
  if (!shelf.rows.contains(key) && !shelf.coming.contains(key)) shelf.wishes.keys.insert(key);
}

void row_store::expect_insertion(const table& in, const events::uuid& key) {
  if (!complete_) shelf_of(in).coming.insert(key);
}

std::vector<rows_asked> row_store::take_wishes() {
  std::vector<rows_asked> all(shelves_.size());
  for (std::size_t i = 0; i < shelves_.size(); ++i) std::swap(all[i], shelves_[i].wishes);
  return all;
}

void row_store::loaded(std::size_t table_index, const rows_asked& asked, std::vector<row> rows) {
  auto& shelf = shelves_[table_index];
  for (const auto& key : asked.keys) shelf.rows.try_emplace(key);
  for (auto& each : rows) {
    const auto key = std::get<events::uuid>(each[0]);
    auto& held = shelf.rows[key];
    if (held.before) continue;
    held.before = each;
    if (!held.dirty) held.now = std::move(each);
  }
  for (const auto& group : asked.groups) shelf.known_groups.insert(group);
}

void row_store::rewind() {
  for (auto& shelf : shelves_) {
    shelf.appended.clear();
    shelf.removed_keys.clear();
    for (auto& [key, held] : shelf.rows) {
      if (!held.dirty) continue;
      held.now = held.before;
      held.dirty = false;
    }
  }
}

std::vector<table_changes> row_store::changes() const {
  std::vector<table_changes> all(shelves_.size());
  for (std::size_t i = 0; i < shelves_.size(); ++i) {
    auto& out = all[i];
    out.of = tables_[i];
    for (const auto& [key, held] : shelves_[i].rows) {
      if (!held.dirty) continue;
      if (held.now && !held.before) out.inserted.push_back(&*held.now);
      if (held.now && held.before && *held.now != *held.before) out.updated.push_back(&*held.now);
      if (!held.now && held.before) out.deleted_keys.push_back({key});
    }
    for (const auto& each : shelves_[i].appended) out.inserted.push_back(&each);
    for (const auto& each : shelves_[i].removed_keys) out.deleted_keys.push_back(each);
  }
  return all;
}

std::vector<row> row_store::rows(const table& in) const {
  const auto at = std::ranges::find(tables_, &in);
  const auto& shelf = shelves_[static_cast<std::size_t>(at - tables_.begin())];
  std::vector<row> all;
  for (const auto& [key, held] : shelf.rows)
    if (held.now) all.push_back(*held.now);
  for (const auto& each : shelf.appended) {
    const bool removed = std::ranges::any_of(shelf.removed_keys, [&](const row& key) { return std::ranges::equal(key, std::span(each).first(key.size())); });
    if (!removed) all.push_back(each);
  }
  return all;
}

} // namespace reverie::projections
