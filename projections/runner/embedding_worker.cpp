#include "projections/runner/embedding_worker.hpp"

#include "events/model/limits.hpp"
#include "projections/fold/fold.hpp"
#include "projections/postgres/array_text.hpp"
#include "projections/postgres/projection_versions.hpp"
#include "projections/postgres/vector_tables.hpp"
#include "projections/postgres/vector_versions.hpp"

#include <algorithm>

namespace reverie::projections {
namespace {

namespace limits = events::limits;
constexpr std::chrono::milliseconds first_retry_pause{250}, longest_retry_pause{30'000};

} // namespace

/// A memory without a vector, on its way to one.
struct embedding_worker::waiting_memory {
  std::string id, bond, ordinal;
  events::user_id user{};
  std::string text;
  std::uint64_t offset = 0;
  std::string content_hash{};
  std::string vector{};
  bool unreadable = false; ///< its owner was erased
  bool cached = false;
};

embedding_worker::embedding_worker(std::string conninfo, text_embedding with, events::key_ring& keys, std::uint32_t partitions)
    : conninfo_(std::move(conninfo)), with_(std::move(with)), keys_(keys), seen_(partitions) {}

embedding_worker::~embedding_worker() { stop(); }

void embedding_worker::start() {
  stopping_ = false;
  thread_ = std::thread([this] { run(); });
}

void embedding_worker::stop() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void embedding_worker::wake() {
  {
    const std::scoped_lock lock(mutex_);
    asked_ = true;
  }
  changed_.notify_all();
}

std::string embedding_worker::problem() {
  const std::scoped_lock lock(mutex_);
  return problem_;
}

void embedding_worker::run() {
  std::optional<connection> database;
  auto delay = first_retry_pause;
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [&] { return stopping_ || asked_; });
    if (stopping_) return;
    asked_ = false;
    lock.unlock();
    outcome<std::size_t> done{0};
    if (!database || !database->usable()) {
      auto opened = connection::open(conninfo_);
      if (opened) database = std::move(*opened);
      else done = std::unexpected(opened.error());
    }
    if (done) done = catch_up(*database);
    lock.lock();
    problem_ = done ? std::string{} : done.error().message;
    if (done) {
      delay = first_retry_pause;
      continue;
    }
    asked_ = true;
    changed_.wait_for(lock, delay, [&] { return stopping_; });
    delay = std::min(delay * 2, longest_retry_pause);
  }
}

/// Whether this model's vectors are a version that is complete. One that goes is made from nothing when it comes again.
outcome<bool> embedding_worker::is_kept_up(connection& database) {
  if (with_.upkeep != vector_upkeep::registered) return true;
  const auto all = read_vector_versions(database);
  if (!all) return std::unexpected(all.error());
  const embedding_model mine{with_.model, with_.dimension};
  const bool kept = std::ranges::any_of(*all, [&](const auto& each) { return each.of == mine && each.state != "building"; });
  if (!kept) schema_.clear();
  return kept;
}

/// The version of the memories that serves now. Another one than before, or one that was set back or had dead letters folded: all that is
/// there may be new.
outcome<void> embedding_worker::find_schema(connection& database) {
  const auto catalogue = read_catalogue(database);
  if (!catalogue) return std::unexpected(catalogue.error());
  const auto* serving = catalogue->serving("memories");
  if (serving == nullptr) return events::fail(failure_code::not_found, "the projection memories was never made");
  if (catalogue->generation != generation_) std::ranges::fill(seen_, 0);
  generation_ = catalogue->generation;
  if (serving->schema == schema_) return {};
  auto made = with_.upkeep == vector_upkeep::building ? prepare_vector_table(database, serving->schema, with_.model, with_.dimension)
                                                      : ensure_vector_table(database, serving->schema, with_.model, with_.dimension);
  if (!made) return made;
  schema_ = serving->schema;
  table_ = schema_ + "." + vector_table_name(with_.model, with_.dimension);
  std::ranges::fill(seen_, 0);
  return {};
}

outcome<std::size_t> embedding_worker::catch_up(connection& database) {
  std::size_t written = 0;
  const auto kept_up = is_kept_up(database);
  if (!kept_up) return std::unexpected(kept_up.error());
  if (!*kept_up) return written;
  if (auto found = find_schema(database); !found) return std::unexpected(found.error());
  for (std::uint32_t partition = 0; partition < seen_.size(); ++partition) {
    for (bool more = true; more;) {
      {
        const std::scoped_lock lock(mutex_);
        if (stopping_) return written;
      }
      auto done = step(database, partition);
      if (!done && database.problem().state == "42P01") { // the version was dropped, or its vectors: everything is new again
        database.roll_back();
        schema_.clear();
        if (auto found = find_schema(database); !found) return std::unexpected(found.error());
        done = step(database, partition);
      }
      if (!done) {
        database.roll_back();
        return done;
      }
      written += *done;
      more = *done > 0;
    }
  }
  return written;
}

outcome<std::size_t> embedding_worker::step(connection& database, std::uint32_t partition) {
  auto waiting = find_waiting(database, partition);
  if (!waiting) return std::unexpected(waiting.error());
  if (waiting->empty()) return std::size_t{0};
  if (auto hashed = hash(*waiting); !hashed) return std::unexpected(hashed.error());
  if (auto taken = take_cached(database, *waiting); !taken) return std::unexpected(taken.error());
  if (auto embedded = embed_missing(*waiting); !embedded) return std::unexpected(embedded.error());
  const auto last = waiting->back().offset;
  const bool all_unreadable = std::ranges::all_of(*waiting, &waiting_memory::unreadable);
  if (!all_unreadable) {
    if (auto written = write(database, *waiting); !written) return std::unexpected(written.error());
  }
  seen_[partition] = all_unreadable ? last + 1 : last;
  if (with_.after_batch && !with_.after_batch(waiting->size(), static_cast<std::size_t>(std::ranges::count_if(*waiting, &waiting_memory::cached))))
    return events::fail(failure_code::cancelled, "stopped on request");
  return waiting->size();
}

outcome<std::vector<embedding_worker::waiting_memory>> embedding_worker::find_waiting(connection& database, std::uint32_t partition) {
  const auto rows = database.run("SELECT m.id, m.bond_id, m.ordinal, m.user_id, m.text, m.log_offset FROM " + schema_ + ".memories m "
                                 "WHERE m.log_partition = $1 AND m.log_offset >= $2 "
                                 "AND NOT EXISTS (SELECT 1 FROM " + table_ + " v WHERE v.memory_id = m.id) ORDER BY m.log_offset LIMIT $3",
                                 {std::to_string(partition), std::to_string(seen_[partition]), std::to_string(limits::embedding_batch_texts)});
  if (!rows) return std::unexpected(rows.error());
  std::vector<waiting_memory> waiting;
  for (std::size_t i = 0; i < rows->rows(); ++i) {
    waiting.push_back({std::string(rows->text(i, 0)), std::string(rows->text(i, 1)), std::string(rows->text(i, 2)), {rows->uuid(i, 3)},
                       std::string(rows->text(i, 4)), static_cast<std::uint64_t>(rows->integer(i, 5))});
  }
  return waiting;
}

outcome<void> embedding_worker::hash(std::vector<waiting_memory>& waiting) {
  for (auto& each : waiting) {
    const auto key = keys_.load(each.user);
    if (!key && key.error().code == failure_code::key_destroyed) {
      each.unreadable = true;
      continue;
    }
    if (!key) return std::unexpected(key.error());
    const auto digest = events::keyed_digest(**key, "embedding", each.text);
    each.content_hash.assign(digest.begin(), digest.end());
  }
  return {};
}

outcome<void> embedding_worker::take_cached(connection& database, std::vector<waiting_memory>& waiting) {
  array_text users, hashes;
  for (const auto& each : waiting) {
    users.add(each.user.value);
    hashes.add(bytes_text{each.content_hash});
  }
  const auto rows = database.run("SELECT u.place, c.embedding FROM unnest($1::uuid[], $2::text[]) WITH ORDINALITY u(user_id, hash, place) "
                                 "JOIN cache.embeddings c ON c.user_id = u.user_id AND c.model = $3 AND c.content_hash = u.hash::bytea",
                                 {std::move(users).finish(), std::move(hashes).finish(), cached_model_name(with_.model, with_.dimension)});
  if (!rows) return std::unexpected(rows.error());
  for (std::size_t i = 0; i < rows->rows(); ++i) {
    auto& each = waiting[static_cast<std::size_t>(rows->integer(i, 0)) - 1];
    each.vector = rows->text(i, 1);
    each.cached = true;
  }
  return {};
}

outcome<void> embedding_worker::embed_missing(std::vector<waiting_memory>& waiting) {
  std::vector<std::string> texts;
  std::vector<waiting_memory*> whose;
  for (auto& each : waiting) {
    if (each.unreadable || each.cached) continue;
    texts.push_back(each.text);
    whose.push_back(&each);
  }
  if (texts.empty()) return {};
  const auto vectors = with_.embed(texts);
  if (!vectors) return std::unexpected(vectors.error());
  if (vectors->size() != texts.size()) return events::fail(failure_code::malformed, "the embedder gave another number of vectors than texts");
  for (std::size_t i = 0; i < whose.size(); ++i) {
    if ((*vectors)[i].size() != with_.dimension) return events::fail(failure_code::malformed, "the embedder gave a vector of another dimension");
    whose[i]->vector = vector_text((*vectors)[i]);
  }
  return {};
}

/// What was forgotten meanwhile gets neither a vector nor a place in the cache: the rows are locked against going while it is written.
outcome<void> embedding_worker::write(connection& database, const std::vector<waiting_memory>& waiting) {
  array_text ids, bonds, users, ordinals, hashes, vectors;
  for (const auto& each : waiting) {
    if (each.unreadable) continue;
    ids.add_plain(each.id);
    bonds.add_plain(each.bond);
    users.add(each.user.value);
    ordinals.add_plain(each.ordinal);
    hashes.add(bytes_text{each.content_hash});
    vectors.add_text(each.vector);
  }
  const auto written = database.run(
      "WITH fresh AS MATERIALIZED (SELECT u.* FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[], $5::text[], $6::text[]) "
      "u(id, bond_id, user_id, ordinal, hash, embedding) JOIN " + schema_ + ".memories m ON m.id = u.id FOR KEY SHARE OF m), "
      "cached AS (INSERT INTO cache.embeddings (user_id, model, content_hash, embedding) "
      "SELECT DISTINCT ON (user_id, hash) user_id, $7, hash::bytea, embedding::vector FROM fresh ON CONFLICT DO NOTHING) "
      "INSERT INTO " + table_ + " (memory_id, bond_id, user_id, ordinal, content_hash, embedding) "
      "SELECT id, bond_id, user_id, ordinal, hash::bytea, embedding::vector FROM fresh ON CONFLICT DO NOTHING",
      {std::move(ids).finish(), std::move(bonds).finish(), std::move(users).finish(), std::move(ordinals).finish(), std::move(hashes).finish(),
       std::move(vectors).finish(), cached_model_name(with_.model, with_.dimension)});
  if (!written) return std::unexpected(written.error());
  return {};
}

} // namespace reverie::projections
