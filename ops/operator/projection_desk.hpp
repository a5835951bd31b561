#pragma once

#include "gateway/bridge/operator_ports.hpp"
#include "ops/operator/preflight_runs.hpp"
#include "ops/operator/resumption_trail.hpp"
#include "projections/postgres/connection_pool.hpp"
#include "projections/runner/rebuild.hpp"
#include "projections/runner/verify.hpp"

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>

namespace reverie::ops {

/// Projections as operators steer them: the same library as the command line's, on threads of this server. What a rebuild is about stands in
/// Postgres, so one that this server (or a tool) was interrupted in can be gone on with. Thread-safe; calls block.
class projection_desk : public gateway::projection_steering {
public:
  /// `switch_within`: how long a switch is waited for; it goes on by itself then.
  projection_desk(projections::connection_pool& pool, projections::bulk_source source, std::uint64_t default_rate, std::uint64_t default_live_p99_ms = 0,
                  std::chrono::milliseconds switch_within = std::chrono::seconds(20));
  ~projection_desk() override;
  /// What is gone on with by itself is written down there from now on; it must outlive this.
  void keep_record_in(resumption_trail& trail) { trail_ = &trail; }
  /// Ends what runs; the next server goes on with it, or an operator.
  void stop();
  /// Goes on, on a thread of its own, with what a server was about when it ended, as it was begun. What an operator told to pause waits for them; what
  /// somebody still works on is looked at again for this time.
  void resume_interrupted(std::chrono::milliseconds within = std::chrono::seconds(30));
  /// One look at what can be gone on with; answers whether to look again.
  bool resume_free();
  /// Whether nothing that was begun here runs any more, at the latest after this time.
  bool wait_until_idle(std::chrono::milliseconds within);

  gateway::result<std::vector<gateway::projection_view>> list() override;
  gateway::result<gateway::document> rebuild_of(const std::string& projection) override;
  gateway::result<gateway::document> impact(const gateway::projection_action& action) override;
  gateway::result<gateway::document> preflight(const std::string& projection) override;
  gateway::result<gateway::document> preflight_of(const std::string& projection) override;
  gateway::result<gateway::document> cancel_preflight(const std::string& projection) override;
  gateway::result<gateway::document> act(const gateway::projection_action& action) override;
  gateway::result<gateway::document> comparison_of(const std::string& projection) override;
  gateway::result<gateway::document> reset_preview(const gateway::reset_wish& wish) override;
  gateway::result<gateway::document> reset(const gateway::reset_wish& wish) override;
  gateway::result<gateway::document> stand_still(const std::string& projection, std::optional<std::uint32_t> partition, const std::string& reason) override;
  gateway::result<gateway::document> go_on_from_standing(const std::string& projection, std::optional<std::uint32_t> partition) override;

private:
  using steady = std::chrono::steady_clock::time_point;
  struct rebuild_run {
    bool running = false;
    bool switched = false; ///< by the last one that ended
    std::deque<std::pair<steady, std::uint64_t>> seen; ///< records done, for the rate
    std::string problem;
    std::jthread thread;
  };
  struct comparing_run {
    bool running = false;
    gateway::document view = nullptr;
    std::jthread thread;
  };
  projections::rebuild_options options_of(const gateway::projection_action& action) const;
  gateway::result<void> begin_rebuild(const projections::fold& of, const projections::rebuild_options& how, resumption_trail* trail = nullptr);
  gateway::result<projections::rebuild_options> as_begun(const gateway::projection_action& action);
  gateway::result<void> go_on(const gateway::projection_action& action, const projections::fold& of);
  gateway::result<gateway::document> wait_for_switch(const std::string& projection);
  gateway::result<void> drop(const gateway::projection_action& action, const projections::fold& of);
  gateway::result<void> change_rate(const gateway::projection_action& action);
  gateway::result<gateway::document> begin_comparison(const projections::fold& of);
  gateway::result<gateway::document> rebuild_view(projections::connection& database, const std::string& projection);

  projections::connection_pool& pool_;
  projections::bulk_source source_;
  std::uint64_t default_rate_, default_live_p99_ms_;
  std::chrono::milliseconds switch_within_;
  std::mutex mutex_;
  std::condition_variable ended_;
  std::map<std::string, rebuild_run> rebuilds_;
  std::map<std::string, comparing_run> comparisons_;
  preflight_runs preflights_{source_};
  resumption_trail* trail_ = nullptr;
  std::stop_source stopping_;
  std::jthread resuming_;
};

} // namespace reverie::ops
