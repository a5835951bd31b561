#include "actors/runtime/node_services.hpp"

namespace reverie::actors::runtime {

using events::rejection;
using events::rejection_code;

namespace {

node_ports with_defaults(node_ports ports) {
  if (!ports.clock) ports.clock = machine_clock();
  if (!ports.random) ports.random = machine_random();
  return ports;
}

} // namespace

node_services::node_services(node_options given, node_ports given_ports)
    : options(std::move(given)), ports(with_defaults(std::move(given_ports))), hub(std::make_shared<update_hub>()),
      status_(ports.log->partitions()) {
  for (std::uint32_t i = 0; i < status_.size(); ++i) {
    status_[i].partition = {i};
    status_[i].reason = "not owned by this node";
  }
}

void node_services::submit(command_envelope envelope, answer_callback done) {
  auto partition = partition_of(envelope.target.slice_key);
  if (!partition) {
    done(std::unexpected(rejection{rejection_code::unavailable, "The server is starting. Try again in a moment.", {},
                                   events::limits::overloaded_retry_after_ms.count()}));
    return;
  }
  auto command = std::make_shared<pending_command>();
  command->envelope = std::move(envelope);
  command->done = std::move(done);
  caf::anon_send(partitions_[partition->value], submit_command{std::move(command)});
}

void node_services::visit(const events::entity_address& target, std::function<void(events::outcome<const entity_core*>)> visit) {
  auto partition = partition_of(target.slice_key);
  if (!partition) {
    visit(events::fail(events::failure_code::unavailable, "the slice map was not read yet"));
    return;
  }
  auto wish = std::make_shared<const state_visit>(state_visit{target, std::move(visit)});
  caf::anon_send(partitions_[partition->value], visit_entity{std::move(wish)});
}

void node_services::read_events(const events::entity_address& entity, std::vector<events::sequence_number> sequences,
                                std::function<void(events::outcome<std::vector<events::recorded_event>>)> done) {
  auto partition = partition_of(entity.slice_key);
  if (!partition) {
    done(events::fail(events::failure_code::unavailable, "the slice map was not read yet"));
    return;
  }
  caf::anon_send(partitions_[partition->value], events_wanted{entity, std::move(sequences), std::move(done)});
}

void node_services::work(std::function<void()> blocking) {
  auto shared = std::make_shared<const std::function<void()>>(std::move(blocking));
  caf::anon_send(workers_[next_worker_.fetch_add(1) % workers_.size()], run_work{std::move(shared)});
}

std::optional<events::partition_number> node_services::partition_of(const events::uuid& slice_key) const {
  const auto* map = slices_.load();
  if (map == nullptr) return std::nullopt;
  return map->partition_of(slice_key);
}

void node_services::learn(const events::slice_map& map) {
  std::lock_guard lock(guard_);
  if (const auto* known = slices_.load(); known != nullptr && *known == map) return;
  maps_.push_back(std::make_unique<const events::slice_map>(map));
  slices_.store(maps_.back().get());
}

void node_services::show(const partition_status& status) {
  std::lock_guard lock(guard_);
  status_[status.partition.value] = status;
}

std::vector<partition_status> node_services::shown() const {
  std::lock_guard lock(guard_);
  return status_;
}

std::array<std::uint8_t, 16> node_services::random_bytes() const {
  std::array<std::uint8_t, 16> bytes{};
  ports.random->fill(bytes);
  return bytes;
}

void node_services::connect(std::vector<partition_handle> partitions, std::vector<worker_handle> workers,
                            generation_handle generation) {
  partitions_ = std::move(partitions);
  workers_ = std::move(workers);
  generation_ = std::move(generation);
}

void node_services::disconnect() {
  partitions_.clear();
  workers_.clear();
  generation_ = generation_handle();
}

} // namespace reverie::actors::runtime
