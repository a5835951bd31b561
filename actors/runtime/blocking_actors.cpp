#include "actors/runtime/blocking_actors.hpp"

#include <exception>

namespace reverie::actors::runtime {

worker_actor::worker_actor(caf::actor_config& config, std::shared_ptr<node_services> services)
    : worker_handle::base(config), services_(std::move(services)) {}

worker_handle::behavior_type worker_actor::make_behavior() {
  return {
      [this](const run_work& task) {
        // A worker outlives what it runs.
        if (auto ended = task.task->run(); !ended) services_->log(severity::error, "blocking work ended with: " + ended.error().message);
      },
      [this](const stop_working&) { quit(); },
  };
}

tail_actor::tail_actor(caf::actor_config& config, std::shared_ptr<node_services> services, partition_handle partition)
    : tail_handle::base(config), services_(std::move(services)), partition_(std::move(partition)) {}

void tail_actor::on_exit() {
  reader_.reset();
  partition_ = partition_handle();
  services_.reset();
}

void tail_actor::read() {
  if (!reader_) return;
  auto batch = std::make_shared<std::vector<events::stored_record>>();
  const auto wait = services_->options.detached ? services_->options.tail_wait : std::chrono::milliseconds{0};
  std::shared_ptr<const events::failure> failed;
  try {
    auto count = reader_->read(*batch, events::limits::read_batch_records, wait);
    if (!count) failed = std::make_shared<const events::failure>(count.error());
  } catch (...) { // the partition waits for an answer to each wish
    failed = std::make_shared<const events::failure>(unexpected_failure(std::current_exception()));
  }
  send(partition_, records_read{std::move(batch), std::move(failed)});
}

tail_handle::behavior_type tail_actor::make_behavior() {
  return {
      [this](const follow_log& wish) { reader_ = wish.reader; },
      [this](const read_more&) { read(); },
      [this](const stop_reading&) { quit(); },
  };
}

} // namespace reverie::actors::runtime
