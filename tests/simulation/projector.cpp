#include "tests/simulation/projector.hpp"

#include "tests/support/folding.hpp"

#include <algorithm>
#include <set>

namespace reverie::simulation {

using namespace std::chrono_literals;
using projections::all_folds;
using projections::row;
using tests::folded_projection;

memory_tables::memory_tables() {
  for (const auto* each : all_folds())
    for (const auto* table : each->tables()) tables_[table];
}

memory_tables::folded_to memory_tables::place(events::partition_number partition) const {
  const auto found = places_.find(partition);
  return found == places_.end() ? folded_to{} : found->second;
}

std::vector<row> memory_tables::select(const projections::table& of, const projections::rows_asked& asked) const {
  std::vector<row> found;
  const auto& kept = tables_.at(&of);
  for (const auto& [key, each] : kept.rows) {
    bool wanted = asked.keys.contains(key);
    for (const auto& [column, value] : asked.groups) {
      const auto* held = std::get_if<events::uuid>(&each[column]);
      if (held != nullptr && *held == value) wanted = true;
    }
    if (wanted) found.push_back(each);
  }
  return found;
}

std::optional<std::string> memory_tables::apply(const std::vector<projections::table_changes>& changes) {
  for (const auto& change : changes) {
    auto& kept = tables_.at(change.of);
    const auto name = std::string(change.of->name);
    for (const auto* each : change.inserted) {
      if (change.of->append_only) kept.appended.push_back(*each);
      else if (!kept.rows.emplace(std::get<events::uuid>((*each)[0]), *each).second) return "a second row under one key in " + name;
    }
    for (const auto* each : change.updated) {
      const auto at = kept.rows.find(std::get<events::uuid>((*each)[0]));
      if (at == kept.rows.end()) return "no row to update in " + name;
      at->second = *each;
    }
    for (const auto& key : change.deleted_keys) {
      if (change.of->append_only)
        std::erase_if(kept.appended, [&](const row& each) { return std::ranges::equal(key, std::span(each).first(key.size())); });
      else kept.rows.erase(std::get<events::uuid>(key[0]));
    }
  }
  return std::nullopt;
}

namespace {

void add_lines(std::multiset<std::string>& lines, std::string_view table, const row& each) {
  std::string line(table);
  for (const auto& cell : each) line += "|" + folded_projection::text_of(cell);
  lines.insert(std::move(line));
}

std::string joined(const std::multiset<std::string>& lines) {
  std::string made;
  for (const auto& each : lines) made += each + "\n";
  return made;
}

} // namespace

std::string memory_tables::all() const {
  std::multiset<std::string> lines;
  for (const auto& [table, kept] : tables_) {
    for (const auto& [key, each] : kept.rows) add_lines(lines, table->name, each);
    for (const auto& each : kept.appended) add_lines(lines, table->name, each);
  }
  return joined(lines);
}

projector::projector(shared_world world, std::shared_ptr<memory_tables> tables, events::partition_number partition, std::string name)
    : world_(std::move(world)), tables_(std::move(tables)), partition_(partition), name_(std::move(name)),
      keys_(std::make_unique<events::memory_key_ring>(world_.vault)) {}

bool projector::start() {
  auto place = tables_->place(partition_);
  intake_ = std::make_unique<projections::log_intake>(*world_.log, *keys_, partition_);
  const auto next = place.next;
  return intake_->start(next, std::move(place.rule)).has_value();
}

void projector::fold_one(const projections::fold& with, const std::vector<projections::intake_record>& records, projections::row_store& rows) {
  const auto load = [&] {
    const auto wishes = rows.take_wishes();
    for (std::size_t i = 0; i < wishes.size(); ++i)
      if (!wishes[i].empty()) rows.loaded(i, wishes[i], tables_->select(*rows.tables()[i], wishes[i]));
  };
  for (const auto& each : records)
    for (const auto& one : each.happened)
      if (with.takes(one)) with.expect(one, rows);
  for (bool missed = true; missed;) {
    load();
    rows.rewind();
    missed = false;
    for (const auto& each : records)
      for (const auto& one : each.happened) {
        if (!with.takes(one)) continue;
        rows.at(one.context.position);
        try {
          with.apply(one, rows);
        } catch (const projections::row_not_loaded&) {
          missed = true;
        } catch (const projections::fold_failure& problem) {
          if (!missed) wrong_.push_back(name_ + ": " + std::string(with.name()) + " can't fold " + events::to_string(one.context.position) + ": " + problem.what());
        }
      }
  }
}

bool projector::fold() {
  std::vector<projections::intake_record> records;
  const auto from = tables_->place(partition_).next;
  if (const auto read = intake_->read(records, 1 + world_.draw->below(12), {~std::uint64_t{0}}, 0ms); !read) {
    crash(); // started again from the tables
    return false;
  }
  if (records.empty()) return false;
  if (records.front().offset != from) { // another one was faster
    crash();
    return true;
  }
  auto& made = ready_.emplace();
  made.from = from;
  made.to = {records.back().offset.next(), intake_->rule()};
  for (const auto* with : all_folds()) {
    made.rows.push_back(std::make_unique<projections::row_store>(with->tables()));
    fold_one(*with, records, *made.rows.back());
  }
  return true;
}

/// Rows and position in one step, unless somebody else moved the position.
void projector::commit() {
  auto done = std::move(*ready_);
  ready_.reset();
  if (tables_->place(partition_).next != done.from) return crash();
  for (const auto& rows : done.rows)
    if (auto refused = tables_->apply(rows->changes())) wrong_.push_back(name_ + ": " + *refused);
  if (world_.bug == planted_bug::apply_fold_twice) forgotten_ = std::move(done.to);
  else tables_->set_place(partition_, std::move(done.to));
}

bool projector::go_on() {
  if (forgotten_) {
    tables_->set_place(partition_, *std::exchange(forgotten_, std::nullopt));
    return true;
  }
  if (!intake_ && !start()) return false;
  if (ready_) {
    commit();
    return true;
  }
  return fold();
}

void projector::finish() {
  for (int idle = 0; idle < 3;) idle = go_on() ? 0 : idle + 1;
}

void projector::crash() {
  intake_.reset();
  ready_.reset();
  forgotten_.reset();
}

std::string rows_from_start(const shared_world& world) {
  events::memory_key_ring keys(world.vault);
  std::multiset<std::string> lines;
  std::vector<std::unique_ptr<projections::row_store>> stores;
  for (const auto* with : all_folds()) stores.push_back(std::make_unique<projections::row_store>(with->tables(), true));
  for (std::uint32_t i = 0; i < world.log->partitions(); ++i) {
    projections::log_intake intake(*world.log, keys, {i});
    if (!intake.start({0}, std::nullopt)) return "the log can't be read";
    std::vector<projections::intake_record> records;
    if (!intake.read(records, ~std::size_t{0}, {~std::uint64_t{0}}, 0ms)) return "the log can't be read";
    for (std::size_t f = 0; f < stores.size(); ++f)
      for (const auto& each : records)
        for (const auto& one : each.happened) {
          if (!all_folds()[f]->takes(one)) continue;
          stores[f]->at(one.context.position);
          all_folds()[f]->apply(one, *stores[f]);
        }
  }
  for (std::size_t f = 0; f < stores.size(); ++f)
    for (const auto* table : all_folds()[f]->tables())
      for (const auto& each : stores[f]->rows(*table)) add_lines(lines, table->name, each);
  return joined(lines);
}

} // namespace reverie::simulation
