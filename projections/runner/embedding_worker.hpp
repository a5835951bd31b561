#pragma once

#include "events/vault/key_ring.hpp"
#include "projections/postgres/connection.hpp"

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

namespace reverie::projections {

/// Whether a worker keeps its vectors up to date: always; when they are a complete version (`runner.vector_versions`); or it fills a version
/// that is being made, whose index comes afterwards.
enum class vector_upkeep : std::uint8_t { always, registered, building };

/// What turns texts into vectors, as the worker needs it: the composition root puts the server's embedder behind it.
struct text_embedding {
  std::string model;
  std::size_t dimension = 0;
  /// One vector per text, in order; at most limits::embedding_batch_texts at a time. Blocks.
  std::function<outcome<std::vector<std::vector<float>>>(const std::vector<std::string>&)> embed;
  vector_upkeep upkeep = vector_upkeep::always;
  /// Told after each batch how many vectors were written and how many of them the cache had; false ends the round. May be empty.
  std::function<bool(std::size_t written, std::size_t from_cache)> after_batch = {};
};

/// Gives memories their vectors: from the cache by (owner, model, keyed hash of the text), else from the model. On a thread of its own,
/// woken by the runner; an embedder or database that fails is asked again with back-off. Until then a memory is found by its words.
class embedding_worker {
public:
  embedding_worker(std::string conninfo, text_embedding with, events::key_ring& keys, std::uint32_t partitions);
  ~embedding_worker();

  void start();
  void stop();
  /// There may be new memories. Cheap, from any thread.
  void wake();

  /// One round over everything that waits: for tests and tools. Answers how many vectors were written.
  outcome<std::size_t> catch_up(connection& database);

  /// Why it stands still; empty when it does not.
  std::string problem();

private:
  struct waiting_memory;
  void run();
  outcome<void> find_schema(connection& database);
  outcome<bool> is_kept_up(connection& database);
  outcome<std::size_t> step(connection& database, std::uint32_t partition);
  outcome<std::vector<waiting_memory>> find_waiting(connection& database, std::uint32_t partition);
  outcome<void> hash(std::vector<waiting_memory>& waiting);
  outcome<void> take_cached(connection& database, std::vector<waiting_memory>& waiting);
  outcome<void> embed_missing(std::vector<waiting_memory>& waiting);
  outcome<void> write(connection& database, const std::vector<waiting_memory>& waiting);

  std::string conninfo_;
  text_embedding with_;
  events::key_ring& keys_;
  std::string schema_, table_; ///< of the serving version; empty until it was looked up
  std::int64_t generation_ = 0; ///< of the catalogue when it was looked up
  std::vector<std::uint64_t> seen_; ///< per partition: memories caused before this offset have their vectors
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false, asked_ = true;
  std::string problem_;
  std::thread thread_;
};

} // namespace reverie::projections
