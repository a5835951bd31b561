#include "events/kafka/kafka_writer.hpp"

#include "events/kafka/kafka_record.hpp"
#include "events/model/limits.hpp"

#include <algorithm>
#include <array>

namespace reverie::events {

namespace {

using clock = std::chrono::steady_clock;

/// How late a deadline may be noticed when nothing else happens.
constexpr std::chrono::milliseconds look_at_deadlines_every{200};

/// A failure after which the producer takes nothing any more.
bool is_broken(rd_kafka_t& handle) {
  std::array<char, 256> why{};
  return rd_kafka_fatal_error(&handle, why.data(), why.size()) != RD_KAFKA_RESP_ERR_NO_ERROR;
}

rd_kafka_vu_t vary(rd_kafka_vtype_t type) {
  rd_kafka_vu_t one{};
  one.vtype = type;
  return one;
}

/// librdkafka takes bytes as void* although it only reads them (it copies them).
void* bytes_of(const std::string& text) { return const_cast<char*>(text.data()); }

kafka_headers headers_of(const record& content) {
  const auto all = kafka_record::headers_of(content);
  kafka_headers made(rd_kafka_headers_new(all.size()));
  for (const auto& [name, value] : all)
    rd_kafka_header_add(made.get(), name.data(), static_cast<ssize_t>(name.size()), value.data(), static_cast<ssize_t>(value.size()));
  return made;
}

} // namespace

bool append_budget::take(std::size_t bytes) {
  auto records_before = records_.fetch_add(1), bytes_before = bytes_.fetch_add(bytes);
  if (records_before < limits::append_queue_records && bytes_before + bytes <= limits::append_queue_bytes) return true;
  give_back(bytes);
  return false;
}

void append_budget::give_back(std::size_t bytes) {
  records_.fetch_sub(1);
  bytes_.fetch_sub(bytes);
}

kafka_writer::kafka_writer(const kafka_cluster& cluster, append_budget& budget, std::chrono::milliseconds deadline)
    : kafka_listener(cluster), budget_(budget), deadline_(deadline), topic_name_(cluster.topic) {}

outcome<std::unique_ptr<kafka_writer>> kafka_writer::open(const kafka_cluster& cluster, append_budget& budget,
                                                          std::chrono::milliseconds deadline) {
  std::unique_ptr<kafka_writer> made(new kafka_writer(cluster, budget, deadline));
  auto handle = open_kafka(cluster, kafka_role::producer, *made);
  if (!handle) return std::unexpected(std::move(handle.error()));
  made->handle_ = std::move(*handle);
  made->topic_.reset(rd_kafka_topic_new(made->handle_.get(), cluster.topic.c_str(), nullptr));
  if (!made->topic_) return fail(failure_code::malformed, "'" + cluster.topic + "' can't name a topic");
  made->main_queue_.reset(rd_kafka_queue_get_main(made->handle_.get()));
  made->poller_ = std::jthread([raw = made.get()](std::stop_token stop) { raw->run(stop); });
  return made;
}

kafka_writer::~kafka_writer() {
  if (!handle_) return;
  poller_.request_stop();
  rd_kafka_queue_yield(main_queue_.get());
  if (poller_.joinable()) poller_.join();
  rd_kafka_purge(handle_.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
  while (rd_kafka_outq_len(handle_.get()) > 0) rd_kafka_poll(handle_.get(), 100);
  main_queue_.reset();
  topic_.reset();
  handle_.reset();
}

void kafka_writer::append(partition_number partition, const record& content, std::size_t bytes, event_log::append_done done) {
  // Made before the lock, which all partitions and the thread of deliveries share.
  auto headers = headers_of(content);
  const auto key = kafka_record::key_of(content);
  rd_kafka_resp_err_t error;
  {
    std::lock_guard lock(mutex_);
    auto& one = waiting_.emplace_back();
    one.partition = partition;
    one.bytes = bytes;
    one.due = clock::now() + deadline_;
    one.self = std::prev(waiting_.end());
    error = produce(one, key, content.value, std::move(headers));
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) {
      one.done = std::move(done);
      return;
    }
    waiting_.pop_back();
  }
  budget_.give_back(bytes);
  auto refused = failure_of(error, "can't append");
  // The producer is dead: who appends has to begin anew, as after any append whose outcome is not known.
  if (error == RD_KAFKA_RESP_ERR__FATAL) refused.error().code = failure_code::outcome_unknown;
  refused.error().retry_after = limits::overloaded_retry_after_ms;
  done(std::move(refused));
}

rd_kafka_resp_err_t kafka_writer::produce(ticket& one, const std::string& key, const std::string& value, kafka_headers headers) {
  std::array<rd_kafka_vu_t, 7> parts{vary(RD_KAFKA_VTYPE_RKT),     vary(RD_KAFKA_VTYPE_PARTITION), vary(RD_KAFKA_VTYPE_MSGFLAGS),
                                     vary(RD_KAFKA_VTYPE_KEY),     vary(RD_KAFKA_VTYPE_VALUE),     vary(RD_KAFKA_VTYPE_HEADERS),
                                     vary(RD_KAFKA_VTYPE_OPAQUE)};
  parts[0].u.rkt = topic_.get();
  parts[1].u.i32 = static_cast<std::int32_t>(one.partition.value);
  parts[2].u.i = RD_KAFKA_MSG_F_COPY;
  parts[3].u.mem = {bytes_of(key), key.size()};
  parts[4].u.mem = {bytes_of(value), value.size()};
  parts[5].u.headers = headers.get();
  parts[6].u.ptr = &one;
  kafka_error_handle error(rd_kafka_produceva(handle_.get(), parts.data(), parts.size()));
  if (error) return rd_kafka_error_code(error.get());
  (void)headers.release(); // the message's now
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

outcome<log_offset> kafka_writer::judge(const rd_kafka_message_t& message) const {
  if (message.err == RD_KAFKA_RESP_ERR_NO_ERROR) {
    if (message.offset >= 0) return log_offset{static_cast<std::uint64_t>(message.offset)};
    return fail(failure_code::outcome_unknown, "Kafka acknowledged a record without saying where it lies");
  }
  auto failed = failure_of(message.err, "can't append");
  // Only what never left is known not to be there; and with a broken producer nothing can be appended before it is made anew.
  if (rd_kafka_message_status(&message) != RD_KAFKA_MSG_STATUS_NOT_PERSISTED || is_broken(*handle_))
    failed.error().code = failure_code::outcome_unknown;
  failed.error().retry_after = limits::overloaded_retry_after_ms;
  return std::unexpected(std::move(failed.error()));
}

void kafka_writer::delivered(const rd_kafka_message_t& message) {
  auto& one = *static_cast<ticket*>(message._private);
  event_log::append_done done;
  std::size_t bytes = 0;
  {
    std::lock_guard lock(mutex_);
    done = std::move(one.done);
    bytes = one.bytes;
    (one.late ? late_ : waiting_).erase(one.self);
  }
  budget_.give_back(bytes);
  if (done) done(judge(message));
  std::lock_guard lock(mutex_);
  if (waiting_.empty()) nothing_waits_.notify_all();
}

event_log::append_done kafka_writer::take_answer(std::list<ticket>::iterator one) {
  auto done = std::move(one->done);
  one->done = nullptr;
  one->late = true;
  late_.splice(late_.end(), waiting_, one);
  return done;
}

void kafka_writer::give(answers& given) {
  for (auto& [done, why] : given) done(std::unexpected(std::move(why)));
}

void kafka_writer::forget(partition_number partition) {
  answers given;
  {
    std::lock_guard lock(mutex_);
    for (auto each = waiting_.begin(); each != waiting_.end();) {
      auto one = each++;
      if (one->partition == partition) given.emplace_back(take_answer(one), failure{failure_code::outcome_unknown, "the writer was made anew"});
    }
    if (waiting_.empty()) nothing_waits_.notify_all();
  }
  give(given);
}

void kafka_writer::answer_overdue() {
  answers given;
  {
    std::lock_guard lock(mutex_);
    auto now = clock::now();
    while (!waiting_.empty() && waiting_.front().due <= now)
      given.emplace_back(take_answer(waiting_.begin()), failure{failure_code::timed_out, "Kafka did not acknowledge a record in time"});
  }
  give(given);
  std::lock_guard lock(mutex_);
  if (waiting_.empty()) nothing_waits_.notify_all();
}

void kafka_writer::run(std::stop_token stop) {
  while (!stop.stop_requested()) {
    rd_kafka_poll(handle_.get(), static_cast<int>(look_at_deadlines_every.count()));
    answer_overdue();
  }
}

void kafka_writer::drain() {
  std::unique_lock lock(mutex_);
  nothing_waits_.wait(lock, [this] { return waiting_.empty(); });
}

} // namespace reverie::events
