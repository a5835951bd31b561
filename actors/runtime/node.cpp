#include "actors/runtime/node.hpp"

#include "actors/runtime/blocking_actors.hpp"
#include "actors/runtime/entity_core.hpp"
#include "actors/runtime/extraction_actor.hpp"
#include "actors/runtime/generation_actor.hpp"
#include "actors/runtime/partition_actor.hpp"
#include "events/model/assert.hpp"

#include <condition_variable>

namespace reverie::actors::runtime {
namespace {

/// CAF's own command line and files are not read: the server has one table of settings.
class system_config : public caf::actor_system_config {
public:
  explicit system_config(const node_options& options) {
    set_scheduling(*this, options.detached ? scheduling::threads : scheduling::deterministic, options.scheduler_threads);
  }
};

/// Counts down to zero; a deterministic run drives the actors while it waits.
class countdown {
public:
  explicit countdown(std::size_t count) : left_(count) {}
  void one_less() {
    std::lock_guard lock(guard_);
    if (--left_ == 0) done_.notify_all();
  }
  bool wait(std::chrono::milliseconds within, const std::function<void()>& drive) {
    constexpr int steps_max = 1'000;
    for (int i = 0; drive && i < steps_max && left() > 0; ++i) drive();
    std::unique_lock lock(guard_);
    return done_.wait_for(lock, drive ? std::chrono::milliseconds{0} : within, [this] { return left_ == 0; });
  }

private:
  std::size_t left() {
    std::lock_guard lock(guard_);
    return left_;
  }
  std::mutex guard_;
  std::condition_variable done_;
  std::size_t left_;
};

class caf_node final : public node {
public:
  caf_node(node_options options, node_ports ports)
      : config_(options), system_(std::make_unique<caf::actor_system>(config_)),
        services_(std::make_shared<node_services>(std::move(options), std::move(ports))) {
    start();
  }
  ~caf_node() override { stop(std::chrono::milliseconds{5'000}); }

  void submit(command_envelope envelope, answer_callback done) override {
    if (stopped_) return done(std::unexpected(stopping()));
    services_->submit(std::move(envelope), std::move(done));
  }

  std::shared_ptr<void> listen(events::user_id person, std::weak_ptr<update_listener> listener) override {
    return services_->hub->listen(person, std::move(listener));
  }

  void stop_reply(events::session_id session, events::user_id caller, answer_callback done) override {
    if (stopped_) return done(std::unexpected(stopping()));
    services_->tell_generation(stop_generation{session, caller, sure_answer<command_outcome>(std::move(done), std::unexpected(interrupted()))});
  }

  std::optional<live_reply> reply_under_way(events::session_id session) override { return services_->hub->reply_under_way(session); }

  void read_history(events::entity_address entity, std::optional<events::entity_position> after, std::size_t updates_max,
                    std::function<void(events::outcome<std::vector<shared_update>>)> done) override {
    if (stopped_) return done(events::fail(events::failure_code::unavailable, "the server is not ready"));
    services_->read_history(entity, after, updates_max, std::move(done));
  }

  void inspect(events::entity_address entity, std::function<void(events::outcome<owned_state>)> done) override {
    if (stopped_) return done(events::fail(events::failure_code::stopping, "the server is stopping"));
    services_->visit(entity, [done = std::move(done)](events::outcome<const entity_core*> core) {
      if (!core) return done(std::unexpected(core.error()));
      if ((*core)->last_sequence().value == 0) return done(events::fail(events::failure_code::not_found, "no such entity"));
      done(owned_state{(*core)->last_sequence(), (*core)->logic().state_json()});
    });
  }

  std::vector<partition_status> status() override { return services_->shown(); }

  void effects(events::partition_number partition, std::size_t effects_max, std::function<void(events::outcome<std::vector<effect_status>>)> done) override {
    using answer = events::outcome<std::vector<effect_status>>;
    if (!is_reachable(partition)) return done(not_here());
    services_->tell(partition, effects_wanted{effects_max, sure_answer<answer>(std::move(done), not_here())});
  }

  void retry_effect(events::partition_number partition, events::effect_id id, std::function<void(events::outcome<void>)> done) override {
    if (!is_reachable(partition)) return done(not_here());
    services_->tell(partition, effect_retried{id, sure_answer<events::outcome<void>>(std::move(done), not_here())});
  }

  void stand(events::entity_address entity, std::function<void(events::outcome<entity_standing>)> done) override {
    const auto partition = services_->partition_of(entity.slice_key);
    if (!partition || !is_reachable(*partition)) return done(not_here());
    services_->tell(*partition, standing_wanted{entity, sure_answer<events::outcome<entity_standing>>(std::move(done), not_here())});
  }

  extraction_counts extractions() override {
    const auto& counted = services_->extracted;
    return {counted.by_model, counted.by_rules_instead, counted.facts_left_out};
  }

  void acquire(events::partition_number partition) override {
    if (!stopped_) services_->tell(partition, take_ownership{});
  }
  void release(events::partition_number partition) override {
    if (!stopped_) services_->tell(partition, drop_ownership{});
  }
  void hand_over(events::partition_number partition, std::chrono::milliseconds within, std::function<void()> done) override {
    auto sure = sure_answer<bool>([done = std::move(done)](bool) { done(); }, false);
    if (!stopped_) services_->tell(partition, drop_ownership{within, [sure] { sure(true); }});
  }
  node_services& services() override { return *services_; }
  void look_at_log() override {
    if (stopped_) return;
    for (std::uint32_t i = 0; i < services_->ports.log->partitions(); ++i) services_->tell({i}, append_ended{});
  }
  caf::actor_system& system() override { return *system_; }

  void stop(std::chrono::milliseconds within) override {
    if (stopped_.exchange(true)) return;
    *ending_ = true;
    auto all = services_->handles();
    caf::anon_send(all->generation, stop_generations{});
    caf::anon_send(all->extraction, stop_extractions{});
    auto waiting = std::make_shared<countdown>(all->partitions.size());
    for (const auto& each : all->partitions) {
      // A partition whose actor is gone has nothing to finish: the message is dropped, and that counts.
      auto ended = sure_answer<bool>([waiting](bool) { waiting->one_less(); }, false);
      caf::anon_send(each, stop_partition{within, [ended] { ended(true); }});
    }
    constexpr std::chrono::milliseconds spare{3'000}; // partitions keep the time themselves; this is for their last checkpoints
    if (!waiting->wait(within + spare, services_->options.drive)) {
      services_->log(severity::error, "the stop took too long; what is left is ended");
      for (const auto& each : all->partitions) caf::anon_send_exit(each, caf::exit_reason::kill);
    }
    for (const auto& each : all->workers) caf::anon_send(each, stop_working{});
    for (const auto& each : all->recoverers) caf::anon_send(each, stop_working{});
    caf::anon_send(all->background, stop_working{});
    if (services_->options.drive) services_->options.drive();
    all.reset();
    services_->disconnect();
    if (services_->options.drive) services_->options.drive();
    system_.reset();
  }

private:
  bool is_reachable(events::partition_number partition) const { return !stopped_ && partition.value < services_->ports.log->partitions(); }
  static std::unexpected<events::failure> not_here() { return events::fail(events::failure_code::unavailable, "the partition is not served here"); }
  static events::rejection stopping() {
    return {events::rejection_code::unavailable, "The server is stopping.", {}, events::limits::overloaded_retry_after_ms.count()};
  }
  static events::rejection interrupted() {
    return {events::rejection_code::unavailable, "The reply was interrupted.", {}, events::limits::overloaded_retry_after_ms.count()};
  }

  /// An end that nobody asked for is shown; its callers are answered as what they sent is dropped.
  template <class Handle>
  void watch(const Handle& actor, std::optional<events::partition_number> partition, const std::string& name) {
    std::weak_ptr<node_services> shared = services_;
    actor->attach_functor([shared, partition, name, ending = ending_] {
      auto services = shared.lock();
      if (services && !*ending) services->show_failed(partition, name + " has ended; a restart is needed");
    });
  }

  /// The one place where roles that block get threads of their own.
  void start() {
    const auto& options = services_->options;
    auto worker = [&] {
      return options.detached ? system_->spawn<worker_actor, caf::detached>(services_) : system_->spawn<worker_actor>(services_);
    };
    node_handles all;
    const std::size_t worker_count = options.detached ? std::max<std::size_t>(1, options.worker_threads) : 1;
    for (std::size_t i = 0; i < worker_count; ++i) all.workers.push_back(worker());
    const std::size_t recoverer_count = options.detached ? std::max<std::size_t>(1, options.recovery_threads) : 0;
    for (std::size_t i = 0; i < recoverer_count; ++i) all.recoverers.push_back(worker());
    if (all.recoverers.empty()) all.recoverers.push_back(all.workers.front());
    all.background = options.detached ? worker() : all.workers.front();
    for (const auto& each : all.workers) watch(each, std::nullopt, "a worker");
    for (const auto& each : all.recoverers) watch(each, std::nullopt, "a worker that catches up");
    watch(all.background, std::nullopt, "the worker for what takes long");
    const auto partitions = services_->ports.log->partitions();
    for (std::uint32_t i = 0; i < partitions; ++i) {
      all.partitions.push_back(system_->spawn<partition_actor>(services_, events::partition_number{i}));
      watch(all.partitions.back(), events::partition_number{i}, "the actor of partition " + std::to_string(i));
    }
    all.generation = system_->spawn<generation_actor>(services_);
    watch(all.generation, std::nullopt, "the actor that makes replies");
    all.extraction = system_->spawn<extraction_actor>(services_);
    watch(all.extraction, std::nullopt, "the actor that has facts extracted");
    services_->connect(std::move(all));
    if (options.own_nothing) return;
    if (options.owned.empty())
      for (std::uint32_t i = 0; i < partitions; ++i) acquire({i});
    else
      for (auto each : options.owned) acquire(each);
  }

  system_config config_;
  std::unique_ptr<caf::actor_system> system_;
  std::shared_ptr<node_services> services_;
  std::atomic<bool> stopped_{false};
  std::shared_ptr<std::atomic<bool>> ending_ = std::make_shared<std::atomic<bool>>(false);
};

} // namespace

std::shared_ptr<node> start_node(node_options options, node_ports ports) {
  REVERIE_ASSERT(ports.log && ports.states && ports.keys, "a node needs a log, local state and keys");
  return std::make_shared<caf_node>(std::move(options), std::move(ports));
}

} // namespace reverie::actors::runtime
