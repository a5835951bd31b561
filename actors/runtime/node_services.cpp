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

rejection unavailable(std::string why) {
  return {rejection_code::unavailable, std::move(why), {}, events::limits::overloaded_retry_after_ms.count()};
}

const events::failure not_answered{events::failure_code::unavailable, "who should have answered is gone", std::nullopt};

} // namespace

node_services::node_services(node_options given, node_ports given_ports)
    : options(std::move(given)), ports(with_defaults(std::move(given_ports))), hub(std::make_shared<update_hub>()),
      beats_(ports.log->partitions()),
      status_(ports.log->partitions()), texts_(options.text_cache_bytes), failed_(status_.size()) {
  for (std::uint32_t i = 0; i < status_.size(); ++i) {
    status_[i].partition = {i};
    status_[i].reason = "not owned by this node";
  }
}

void node_services::submit(command_envelope envelope, answer_callback done) {
  auto partition = partition_of(envelope.target.slice_key);
  if (!partition) {
    done(std::unexpected(unavailable("The server is starting. Try again in a moment.")));
    return;
  }
  auto command = std::make_shared<pending_command>();
  command->envelope = std::move(envelope);
  if (done) {
    // A caller that throws is its own trouble, not the partition's.
    auto careful = [this_log = ports.log_line, done = std::move(done)](command_outcome result) {
      try {
        done(std::move(result));
      } catch (...) {
        if (this_log) this_log(severity::error, "a caller could not take its answer: " + unexpected_failure(std::current_exception()).message);
      }
    };
    command->done = sure_answer<command_outcome>(std::move(careful), std::unexpected(unavailable("This part of the server is gone. Try again.")));
  }
  tell(*partition, submit_command{std::move(command)});
}

void node_services::visit(const events::entity_address& target, std::function<void(events::outcome<const entity_core*>)> visit) {
  auto partition = partition_of(target.slice_key);
  if (auto other = elsewhere_.load(); other && partition && !serves(*partition)) return (*other)(target, std::move(visit));
  visit_here(target, std::move(visit));
}

bool node_services::serves(events::partition_number partition) const {
  std::lock_guard lock(guard_);
  return status_[partition.value].serving && failed_[partition.value].empty();
}

void node_services::visit_here(const events::entity_address& target, std::function<void(events::outcome<const entity_core*>)> visit) {
  auto partition = partition_of(target.slice_key);
  if (!partition) {
    visit(events::fail(events::failure_code::unavailable, "the slice map was not read yet"));
    return;
  }
  // A visitor that throws is told so itself; the entity it looked at goes on.
  auto careful = [visit = std::move(visit)](events::outcome<const entity_core*> core) {
    try {
      visit(std::move(core));
    } catch (...) {
      visit(std::unexpected(unexpected_failure(std::current_exception())));
    }
  };
  auto wish = std::make_shared<const state_visit>(
      state_visit{target, sure_answer<events::outcome<const entity_core*>>(std::move(careful), std::unexpected(not_answered))});
  tell(*partition, visit_entity{std::move(wish)});
}

void node_services::read_texts(const events::entity_address& entity, std::vector<events::sequence_number> sequences,
                               std::function<void(events::outcome<std::vector<said_text>>)> done) {
  auto partition = partition_of(entity.slice_key);
  if (!partition) {
    done(events::fail(events::failure_code::unavailable, "the slice map was not read yet"));
    return;
  }
  // What is in memory stays readable no longer than the person's key.
  const bool readable = ports.keys->find(events::user_id{entity.slice_key}) != nullptr;
  if (!readable) texts_.forget(entity);
  auto known = texts_.take_known(entity, sequences);
  if (sequences.empty()) return done(std::move(known));
  auto complete = [this, entity, known = std::move(known), done = std::move(done)](events::outcome<std::vector<said_text>> read) mutable {
    if (!read) return done(std::move(read));
    for (auto& each : *read) {
      texts_.keep(entity, each);
      known.push_back(std::move(each));
    }
    done(std::move(known));
  };
  auto sure = sure_answer<events::outcome<std::vector<said_text>>>(std::move(complete), std::unexpected(not_answered));
  tell(*partition, texts_wanted{entity, std::move(sequences), std::move(sure)});
}

void node_services::read_history(const events::entity_address& entity, std::optional<events::entity_position> after,
                                 std::size_t updates_max, std::function<void(events::outcome<std::vector<shared_update>>)> done) {
  auto partition = partition_of(entity.slice_key);
  if (!partition) return done(events::fail(events::failure_code::unavailable, "the server is not ready"));
  auto sure = sure_answer<events::outcome<std::vector<shared_update>>>(std::move(done), std::unexpected(not_answered));
  tell(*partition, history_wanted{entity, after, updates_max, std::move(sure)});
}

void node_services::work(std::function<void()> blocking, blocking_task::told_failure otherwise) {
  auto task = std::make_shared<blocking_task>(std::move(blocking), std::move(otherwise));
  if (auto all = handles()) run_on(all->workers[next_worker_.fetch_add(1) % all->workers.size()], std::move(task));
}

void node_services::work_long(std::function<void()> blocking, blocking_task::told_failure otherwise) {
  auto task = std::make_shared<blocking_task>(std::move(blocking), std::move(otherwise));
  if (auto all = handles()) run_on(all->background, std::move(task));
}

void node_services::work_recovery(std::function<void()> blocking, blocking_task::told_failure otherwise) {
  auto task = std::make_shared<blocking_task>(std::move(blocking), std::move(otherwise));
  if (auto all = handles()) run_on(all->recoverers[next_recoverer_.fetch_add(1) % all->recoverers.size()], std::move(task));
}

void node_services::run_on(const worker_handle& worker, std::shared_ptr<blocking_task> task) {
  caf::anon_send(worker, run_work{std::move(task)});
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

void node_services::show_failed(std::optional<events::partition_number> partition, const std::string& why) {
  log(severity::error, why);
  std::lock_guard lock(guard_);
  for (std::size_t i = 0; i < failed_.size(); ++i)
    if (!partition || partition->value == i) failed_[i] = "failed: " + why;
}

std::vector<partition_status> node_services::shown() const {
  std::lock_guard lock(guard_);
  auto all = status_;
  const bool nobody_found = slices_.load() == nullptr; // commands are refused until it is known who belongs where
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (failed_[i].empty() && !(nobody_found && all[i].serving)) continue;
    all[i].serving = false;
    all[i].reason = failed_[i].empty() ? "the slice map was not read yet" : failed_[i];
  }
  return all;
}

std::array<std::uint8_t, 16> node_services::random_bytes() const {
  std::array<std::uint8_t, 16> bytes{};
  ports.random->fill(bytes);
  return bytes;
}

} // namespace reverie::actors::runtime
