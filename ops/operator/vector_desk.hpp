#pragma once

#include "gateway/bridge/operator_ports.hpp"
#include "projections/queries/active_embedder.hpp"
#include "projections/queries/recall_comparison.hpp"
#include "projections/runner/vector_build.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace reverie::ops {

/// What a comparison found, as JSON: never texts.
gateway::document comparison_document(const projections::recall_comparison& found, events::timestamp at);

/// Versions of the vectors as operators steer them: made beside the ones that serve on a thread of this server, compared, switched to and gone
/// back from. Thread-safe; calls block.
class vector_desk : public gateway::vector_steering {
public:
  vector_desk(projections::connection_pool& pool, projections::vector_source source, projections::active_embedder& known) : pool_(pool), source_(std::move(source)), known_(known) {}
  ~vector_desk() override;
  /// Ends what runs; it can be gone on with.
  void stop();
  /// Whether no vectors are being made any more, at the latest after this time.
  bool wait_until_idle(std::chrono::milliseconds within);

  gateway::result<gateway::document> list() override;
  gateway::result<gateway::document> build_view() override;
  gateway::result<gateway::document> impact(const std::string& what, std::uint32_t version) override;
  gateway::result<gateway::document> act(const std::string& what, std::uint32_t version, bool without_comparison) override;
  gateway::result<gateway::document> compare(std::uint32_t version, std::uint64_t queries, std::uint64_t nearest) override;

private:
  struct build_run {
    std::string state; ///< empty: none was begun here
    std::uint32_t version = 0;
    projections::vector_progress progress;
    std::string step, problem;
    std::chrono::steady_clock::time_point began{};
    std::uint64_t done_at_start = 0;
    std::stop_source stop;
    std::jthread thread;
  };
  gateway::result<std::shared_ptr<actors::embedder>> candidate(const std::vector<projections::vector_version>& all);
  gateway::result<gateway::document> begin_build();
  gateway::document view_of_build();
  void run_build(std::shared_ptr<actors::embedder> with, std::stop_token stop);

  projections::connection_pool& pool_;
  projections::vector_source source_;
  projections::active_embedder& known_;
  std::mutex mutex_;
  std::condition_variable ended_;
  build_run build_; ///< last: its thread ends before what it uses
};

} // namespace reverie::ops
