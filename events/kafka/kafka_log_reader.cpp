#include "events/kafka/kafka_log_reader.hpp"

#include "events/kafka/kafka_record.hpp"

#include <algorithm>
#include <array>

namespace reverie::events {

namespace {

using clock = std::chrono::steady_clock;

constexpr std::size_t fetched_at_once = 1024;

/// The most headers that a record of ours has, with room for those of tracing tools.
constexpr std::size_t headers_max = 64;

std::string_view text_of(const void* bytes, std::size_t size) {
  return bytes == nullptr ? std::string_view{} : std::string_view(static_cast<const char*>(bytes), size);
}

outcome<record> record_of(const rd_kafka_message_t& message) {
  rd_kafka_headers_t* headers = nullptr;
  std::array<kafka_record::header_view, headers_max> views;
  std::size_t count = 0;
  if (rd_kafka_message_headers(&message, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR) {
    const char* name = nullptr;
    const void* value = nullptr;
    std::size_t size = 0;
    while (count < headers_max && rd_kafka_header_get_all(headers, count, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR)
      views[count++] = {name, text_of(value, size)};
  }
  return kafka_record::record_of(text_of(message.key, message.key_len), std::span(views).first(count),
                                 text_of(message.payload, message.len));
}

} // namespace

kafka_log_reader::kafka_log_reader(kafka_log& log, std::unique_ptr<kafka_lanes::place> place, partition_number partition, log_offset next)
    : log_(log), place_(std::move(place)), partition_(partition), next_(next), buffer_(fetched_at_once) {}

kafka_log_reader::~kafka_log_reader() {
  log_.forget_reader(*this);
  stop();
}

outcome<void> kafka_log_reader::start() {
  if (started_) return {};
  kafka_queue fresh(rd_kafka_queue_new(&place_->handle()));
  if (rd_kafka_consume_start_queue(&place_->topic(), static_cast<std::int32_t>(partition_.value), static_cast<std::int64_t>(next_.value),
                                   fresh.get()) != 0)
    return failure_of(rd_kafka_last_error(), "can't read partition " + std::to_string(partition_.value));
  started_ = true;
  at_end_ = false;
  heard_at_ = clock::now();
  std::lock_guard lock(queue_mutex_);
  queue_ = std::move(fresh);
  return {};
}

void kafka_log_reader::stop() {
  held_.clear();
  at_end_ = false;
  if (!std::exchange(started_, false)) return;
  rd_kafka_consume_stop(&place_->topic(), static_cast<std::int32_t>(partition_.value));
  // Messages that are still in the queue go with it.
  std::lock_guard lock(queue_mutex_);
  queue_.reset();
}

void kafka_log_reader::take_fetched() {
  auto count = rd_kafka_consume_batch_queue(queue_.get(), 0, buffer_.data(), buffer_.size());
  if (count > 0) heard_at_ = clock::now();
  for (std::ptrdiff_t i = 0; i < count; ++i) held_.emplace_back(buffer_[static_cast<std::size_t>(i)]);
}

bool kafka_log_reader::wait_for_one(time_point until, bool wakeable) {
  while (!log_.closed()) {
    if (woken_.exchange(false) && wakeable) return false;
    auto left = std::chrono::ceil<std::chrono::milliseconds>(until - clock::now());
    if (left.count() <= 0) return false;
    // A wake-up that came between two reads is in the queue too and ends this at once, so it may take two turns.
    if (kafka_message one(rd_kafka_consume_queue(queue_.get(), static_cast<int>(std::min<std::int64_t>(left.count(), 3'600'000)))); one) {
      held_.push_back(std::move(one));
      heard_at_ = clock::now();
      take_fetched(); // what was fetched with it
      return true;
    }
  }
  return false;
}

std::unexpected<failure> kafka_log_reader::damaged(log_offset offset, const std::string& how) const {
  return fail(failure_code::corrupted, "record " + to_string(log_position{partition_, offset}) + " " + how);
}

std::unexpected<failure> kafka_log_reader::out_of_range() {
  auto range = log_.range(partition_);
  if (!range) return std::unexpected(std::move(range.error()));
  if (next_ < range->first) return fail(failure_code::not_found, "the log no longer holds record " + to_string(log_position{partition_, next_}));
  if (next_ > range->end)
    return damaged(next_, "can't be waited for: the log ends at " + std::to_string(range->end.value) + ", before what was read of it");
  return fail(failure_code::unavailable, "Kafka does not give record " + to_string(log_position{partition_, next_}) + " now");
}

std::unexpected<failure> kafka_log_reader::failed(const rd_kafka_message_t& message) {
  auto error = message.err;
  auto said = std::string(message.payload ? text_of(message.payload, message.len) : rd_kafka_err2str(error));
  stop(); // librdkafka may have gone past it: the next read begins anew where we stand
  switch (error) {
  case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
  case RD_KAFKA_RESP_ERR__LOG_TRUNCATION:
  case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE: return out_of_range();
  case RD_KAFKA_RESP_ERR__BAD_MSG:
  case RD_KAFKA_RESP_ERR__BAD_COMPRESSION:
  case RD_KAFKA_RESP_ERR_INVALID_MSG: return damaged(next_, "can't be read: " + said);
  default: return fail(failure_code::unavailable, "can't read record " + to_string(log_position{partition_, next_}) + ": " + said);
  }
}

outcome<std::size_t> kafka_log_reader::take_one(std::vector<stored_record>& out) {
  auto message = std::move(held_.front());
  held_.pop_front();
  if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
    at_end_ = static_cast<std::uint64_t>(message->offset) == next_.value;
    return 0;
  }
  if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) return failed(*message);
  log_offset offset{static_cast<std::uint64_t>(message->offset)};
  if (offset < next_) return 0;
  if (offset > next_) {
    stop();
    return damaged(next_, "is missing: the next one is at " + std::to_string(offset.value));
  }
  auto content = record_of(*message);
  if (!content) {
    stop();
    if (content.error().code == failure_code::unknown_version)
      return fail(failure_code::unknown_version, "record " + to_string(log_position{partition_, offset}) + ": " + content.error().message);
    return damaged(offset, "is no record of this log: " + content.error().message);
  }
  at_end_ = false;
  next_ = offset.next();
  out.push_back({{partition_, offset}, std::move(*content)});
  return out.back().content.value.size() + 1;
}

outcome<std::size_t> kafka_log_reader::read(std::vector<stored_record>& out, std::size_t records_max, std::chrono::milliseconds wait) {
  const auto before = out.size();
  std::size_t bytes = 0;
  // Not to wait means not to wait for a record to be written; what is written has to be fetched. A negative time does not wait for that either.
  const auto until = clock::now() + (wait.count() > 0 ? wait : std::chrono::milliseconds(kafka_cluster::answers_within));
  for (;;) {
    if (auto started = start(); !started) return std::unexpected(std::move(started.error()));
    if (held_.empty()) take_fetched();
    while (!held_.empty() && out.size() - before < records_max && bytes < limits::read_batch_bytes) {
      auto taken = take_one(out);
      if (!taken) {
        if (out.size() > before) return out.size() - before; // met again by the next read
        return std::unexpected(std::move(taken.error()));
      }
      bytes += *taken;
    }
    if (out.size() > before || records_max == 0) {
      woken_.store(false);
      return out.size() - before;
    }
    if (wait.count() <= 0 && at_end_) return 0;
    if (wait.count() < 0 && clock::now() - heard_at_ < kafka_cluster::answers_within) return 0; // only what was fetched already
    if (wait.count() >= 0 && wait_for_one(until, wait.count() > 0)) continue;
    if (!at_end_ && !log_.closed() && (wait.count() <= 0 || clock::now() - heard_at_ >= kafka_cluster::answers_within)) {
      stop(); // the next read asks anew
      return fail(failure_code::unavailable, "Kafka does not give record " + to_string(log_position{partition_, next_}) + " now");
    }
    return 0;
  }
}

outcome<void> kafka_log_reader::seek(log_offset next) {
  if (next == next_) return {};
  // What was fetched ahead may hold the place already.
  auto found = std::ranges::find_if(held_, [&](const auto& each) {
    return each->err == RD_KAFKA_RESP_ERR_NO_ERROR && static_cast<std::uint64_t>(each->offset) == next.value;
  });
  if (next > next_ && found != held_.end()) held_.erase(held_.begin(), found);
  else stop();
  next_ = next;
  return {};
}

void kafka_log_reader::wake() {
  woken_.store(true);
  std::lock_guard lock(queue_mutex_);
  if (queue_) rd_kafka_queue_yield(queue_.get());
}

} // namespace reverie::events
