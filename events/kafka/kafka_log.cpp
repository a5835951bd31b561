#include "events/kafka/kafka_log.hpp"

#include "events/kafka/kafka_log_reader.hpp"

#include <algorithm>

namespace reverie::events {

namespace {

constexpr std::chrono::milliseconds leader_asked_again{20};

/// Of a partition that there is: its leader was just made, has just changed, or the broker that was asked has not yet heard of a new topic. The
/// last is librdkafka's own word where it asks who leads, and Kafka's where it asks the leader.
bool leader_is_changing(rd_kafka_resp_err_t error) {
  return error == RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION || error == RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE ||
         error == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART || error == RD_KAFKA_RESP_ERR_OFFSET_NOT_AVAILABLE ||
         error == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION || error == RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC;
}

} // namespace

kafka_log::kafka_log(kafka_log_options options)
    : options_(std::move(options)), listener_(options_.cluster), lanes_(options_.cluster, options_.standing_readers) {}

outcome<std::unique_ptr<kafka_log>> kafka_log::open(kafka_log_options options) {
  std::unique_ptr<kafka_log> log(new kafka_log(std::move(options)));
  if (auto started = log->start(); !started) return std::unexpected(std::move(started.error()));
  return log;
}

outcome<void> kafka_log::start() {
  auto asker = open_kafka(options_.cluster, kafka_role::asker, listener_);
  if (!asker) return std::unexpected(std::move(asker.error()));
  asker_ = std::move(*asker);
  asked_topic_.reset(rd_kafka_topic_new(asker_.get(), options_.cluster.topic.c_str(), nullptr));
  auto facts = ensure_topic(*asker_, options_.cluster, options_.topic);
  if (!facts) return std::unexpected(std::move(facts.error()));
  facts_ = std::move(*facts);
  first_kept_ = std::vector<std::atomic<std::uint64_t>>(facts_.partitions);
  auto writer = fresh_writer();
  if (!writer) return std::unexpected(std::move(writer.error()));
  newest_ = *writer;
  writers_.assign(facts_.partitions, *writer);
  return {};
}

kafka_log::~kafka_log() { close(); }

outcome<std::shared_ptr<kafka_writer>> kafka_log::fresh_writer() {
  auto writer = kafka_writer::open(options_.cluster, budget_, options_.append_deadline);
  if (!writer) return std::unexpected(std::move(writer.error()));
  return std::shared_ptr<kafka_writer>(std::move(*writer));
}

void kafka_log::append(partition_number partition, record content, append_done done) {
  if (partition.value >= facts_.partitions) return done(fail(failure_code::not_found, "no such partition"));
  auto size = encoded_size(content);
  if (size > limits::record_bytes)
    return done(fail(failure_code::too_large, "a record of " + std::to_string(size) + " bytes is over the limit"));
  std::shared_ptr<kafka_writer> writer;
  {
    std::lock_guard lock(writers_mutex_);
    if (!writers_.empty()) writer = writers_[partition.value];
  }
  if (!writer || closed()) return done(fail(failure_code::stopping, "the log is closed"));
  if (!budget_.take(size))
    return done(std::unexpected(failure{failure_code::overloaded, "the log's queue is full", limits::overloaded_retry_after_ms}));
  writer->append(partition, content, size, std::move(done));
}

outcome<log_range> kafka_log::range(partition_number partition) {
  if (partition.value >= facts_.partitions) return fail(failure_code::not_found, "no such partition");
  std::int64_t low = 0, high = 0;
  auto error = RD_KAFKA_RESP_ERR_NO_ERROR;
  const auto until = std::chrono::steady_clock::now() + kafka_cluster::answers_within;
  for (;;) {
    // First of all who leads now: an offset query goes on asking a dead leader for a minute and more.
    if (auto known = ask_metadata(*asker_, *asked_topic_); !known) return std::unexpected(std::move(known.error()));
    error = rd_kafka_query_watermark_offsets(asker_.get(), options_.cluster.topic.c_str(), static_cast<std::int32_t>(partition.value), &low,
                                             &high, static_cast<int>(kafka_cluster::answers_within.count()));
    if (!leader_is_changing(error) || std::chrono::steady_clock::now() > until) break;
    std::this_thread::sleep_for(leader_asked_again);
  }
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return failure_of(error, "can't ask where partition " + std::to_string(partition.value) + " ends");
  if (low < 0 || high < low) return fail(failure_code::unavailable, "Kafka does not know where partition " + std::to_string(partition.value) + " ends");
  first_kept_[partition.value].store(static_cast<std::uint64_t>(low));
  return log_range{{static_cast<std::uint64_t>(low)}, {static_cast<std::uint64_t>(high)}};
}

outcome<std::unique_ptr<log_reader>> kafka_log::reader(partition_number partition, log_offset from) {
  if (partition.value >= facts_.partitions) return fail(failure_code::not_found, "no such partition");
  if (from.value < first_kept_[partition.value].load())
    return fail(failure_code::not_found, "the log no longer holds record " + to_string(log_position{partition, from}));
  auto place = lanes_.take(partition);
  if (!place) return std::unexpected(std::move(place.error()));
  auto made = std::make_unique<kafka_log_reader>(*this, std::move(*place), partition, from);
  std::lock_guard lock(readers_mutex_);
  readers_.insert(made.get());
  return made;
}

void kafka_log::forget_reader(kafka_log_reader& reader) {
  std::lock_guard lock(readers_mutex_);
  readers_.erase(&reader);
}

outcome<void> kafka_log::reset_writer(partition_number partition) {
  if (partition.value >= facts_.partitions) return fail(failure_code::not_found, "no such partition");
  std::shared_ptr<kafka_writer> old;
  bool last_user = false;
  {
    std::lock_guard lock(writers_mutex_);
    if (writers_.empty()) return fail(failure_code::stopping, "the log is closed");
    auto& current = writers_[partition.value];
    // Others may have been given a fresh one by the same trouble: this partition never wrote with it, so it is fresh for it too.
    if (current == newest_) {
      auto fresh = fresh_writer();
      if (!fresh) return std::unexpected(std::move(fresh.error()));
      newest_ = *fresh;
    }
    old = std::exchange(current, newest_);
    last_user = !std::ranges::contains(writers_, old);
  }
  old->forget(partition);
  if (last_user) retire(std::move(old));
  return {};
}

void kafka_log::retire(std::shared_ptr<kafka_writer> writer) {
  std::lock_guard lock(writers_mutex_);
  std::erase_if(retiring_, [](auto& each) { return each.wait_for(std::chrono::seconds{0}) == std::future_status::ready; });
  // Destroying takes up to a second; nobody has to wait for it.
  retiring_.push_back(std::async(std::launch::async, [old = std::move(writer)]() mutable { old.reset(); }));
}

void kafka_log::close() {
  std::vector<std::shared_ptr<kafka_writer>> writers;
  {
    std::lock_guard lock(writers_mutex_);
    closed_.store(true);
    writers.swap(writers_);
    newest_.reset();
  }
  for (auto& each : writers) each->drain();
  writers.clear();
  std::vector<std::future<void>> retiring;
  {
    std::lock_guard lock(writers_mutex_);
    retiring.swap(retiring_);
  }
  for (auto& each : retiring) each.wait();
  std::lock_guard lock(readers_mutex_);
  for (auto* each : readers_) each->wake();
}

} // namespace reverie::events
