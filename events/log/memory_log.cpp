#include "events/log/memory_log.hpp"

#include "events/model/assert.hpp"
#include "events/model/limits.hpp"

#include <algorithm>

namespace reverie::events {

class memory_log_reader : public log_reader {
public:
  memory_log_reader(memory_log& log, partition_number partition, log_offset next) : log_(log), partition_(partition), next_(next) {}

  outcome<std::size_t> read(std::vector<stored_record>& out, std::size_t records_max, std::chrono::milliseconds wait) override {
    std::unique_lock lock(log_.mutex_);
    const auto& records = log_.shelves_[partition_.value].records;
    if (wait.count() > 0) {
      log_.grown_.wait_for(lock, wait, [&] { return woken_ || log_.closed_ || next_.value < records.size(); });
    }
    woken_ = false;
    std::size_t taken = 0, bytes = 0;
    while (taken < records_max && next_.value < records.size() && bytes < limits::read_batch_bytes) {
      const auto& kept = records[next_.value];
      if (kept.corrupted) {
        if (taken > 0) break;
        return fail(failure_code::corrupted, "record " + to_string(log_position{partition_, next_}) + " fails its checksum");
      }
      out.push_back({{partition_, next_}, kept.content});
      bytes += encoded_size(kept.content);
      next_ = next_.next();
      ++taken;
    }
    return taken;
  }

  outcome<void> seek(log_offset next) override {
    std::lock_guard lock(log_.mutex_);
    next_ = next;
    return {};
  }

  void wake() override {
    {
      std::lock_guard lock(log_.mutex_);
      woken_ = true;
    }
    log_.grown_.notify_all();
  }

private:
  memory_log& log_;
  partition_number partition_;
  log_offset next_;
  bool woken_ = false;
};

memory_log::memory_log(std::uint32_t partitions, memory_log_faults faults)
    : shelves_(partitions), faults_(faults), random_(faults.seed) {
  REVERIE_ASSERT(partitions > 0, "a log has a partition");
}

memory_log::~memory_log() = default;

std::uint32_t memory_log::partitions() const { return static_cast<std::uint32_t>(shelves_.size()); }

memory_log::fault memory_log::draw() {
  if (!scripted_.empty()) {
    auto next = scripted_.front();
    scripted_.pop_front();
    return next;
  }
  // Always five draws, so that changing one probability leaves the others' outcomes as they were. Not std::bernoulli_distribution:
  // its results differ between standard libraries.
  auto happens = [this](double probability) { return static_cast<double>(random_() >> 11) * 0x1p-53 < probability; };
  bool drawn[] = {happens(faults_.delay_acknowledgement), happens(faults_.delay_record), happens(faults_.duplicate),
                  happens(faults_.lose_acknowledgement), happens(faults_.lose_record)};
  constexpr fault which[] = {fault::delay_acknowledgement, fault::delay_record, fault::duplicate, fault::lose_acknowledgement,
                             fault::lose_record};
  auto first = std::ranges::find(drawn, true);
  return first == std::end(drawn) ? fault::none : which[first - std::begin(drawn)];
}

log_offset memory_log::store(partition_number partition, record content) {
  auto& records = shelves_[partition.value].records;
  records.push_back({std::move(content)});
  grown_.notify_all();
  return {records.size() - 1};
}

std::optional<memory_log::reply> memory_log::take(partition_number partition, record content, append_done done) {
  if (closed_) return reply{std::move(done), fail(failure_code::stopping, "the log is closed")};
  if (partition.value >= shelves_.size()) return reply{std::move(done), fail(failure_code::not_found, "no such partition")};
  if (encoded_size(content) > limits::record_bytes) return reply{std::move(done), fail(failure_code::too_large, "the record is too large")};
  if (waiting_.size() >= limits::append_queue_records) {
    return reply{std::move(done),
                 std::unexpected(failure{failure_code::overloaded, "the log's queue is full", limits::overloaded_retry_after_ms})};
  }
  auto lost = [] { return fail(failure_code::outcome_unknown, "the acknowledgement was lost"); };
  auto what = draw();
  // Order holds within a partition: nothing overtakes a record in flight.
  bool behind = std::ranges::any_of(waiting_, [&](const auto& each) { return each.partition == partition && each.in_flight && each.done; });
  if (behind && (what == fault::none || what == fault::duplicate || what == fault::delay_acknowledgement)) what = fault::delay_record;
  switch (what) {
  case fault::delay_record:
    waiting_.push_back({partition, std::move(content), {}, std::move(done)});
    return std::nullopt;
  case fault::delay_acknowledgement:
    waiting_.push_back({partition, std::nullopt, store(partition, std::move(content)), std::move(done)});
    return std::nullopt;
  case fault::lose_acknowledgement: store(partition, std::move(content)); return reply{std::move(done), lost()};
  case fault::lose_record: return reply{std::move(done), lost()};
  case fault::no_space: return reply{std::move(done), fail(failure_code::no_space, "the disk is full")};
  case fault::duplicate: {
    auto offset = store(partition, content);
    store(partition, std::move(content));
    ++acknowledged_;
    return reply{std::move(done), offset};
  }
  case fault::none: break;
  }
  ++acknowledged_;
  return reply{std::move(done), store(partition, std::move(content))};
}

void memory_log::answer(std::vector<reply>& replies) {
  for (auto& each : replies) {
    if (each.done) each.done(std::move(each.result));
  }
}

void memory_log::append(partition_number partition, record content, append_done done) {
  std::vector<reply> replies;
  {
    std::lock_guard lock(mutex_);
    if (auto now = take(partition, std::move(content), std::move(done))) replies.push_back(std::move(*now));
  }
  answer(replies);
}

void memory_log::release() {
  std::vector<reply> replies;
  {
    std::lock_guard lock(mutex_);
    for (auto& each : waiting_) {
      if (each.in_flight) each.offset = store(each.partition, std::move(*each.in_flight));
      if (each.done) ++acknowledged_;
      replies.push_back({std::move(each.done), each.offset});
    }
    waiting_.clear();
  }
  answer(replies);
}

outcome<void> memory_log::reset_writer(partition_number partition) {
  std::vector<reply> replies;
  {
    std::lock_guard lock(mutex_);
    for (auto& each : waiting_) {
      if (each.partition != partition || !each.done) continue;
      replies.push_back({std::exchange(each.done, nullptr), fail(failure_code::outcome_unknown, "the writer was reset")});
    }
    std::erase_if(waiting_, [](const auto& each) { return !each.done && !each.in_flight; });
  }
  answer(replies);
  return {};
}

void memory_log::close() {
  release();
  std::lock_guard lock(mutex_);
  closed_ = true;
  grown_.notify_all();
}

outcome<log_range> memory_log::range(partition_number partition) {
  std::lock_guard lock(mutex_);
  if (partition.value >= shelves_.size()) return fail(failure_code::not_found, "no such partition");
  return log_range{{0}, {shelves_[partition.value].records.size()}};
}

outcome<std::unique_ptr<log_reader>> memory_log::reader(partition_number partition, log_offset from) {
  if (partition.value >= shelves_.size()) return fail(failure_code::not_found, "no such partition");
  return std::make_unique<memory_log_reader>(*this, partition, from);
}

void memory_log::next_append_meets(fault what) {
  std::lock_guard lock(mutex_);
  scripted_.push_back(what);
}

std::size_t memory_log::delayed() const {
  std::lock_guard lock(mutex_);
  return waiting_.size();
}

log_offset memory_log::write_raw(partition_number partition, record content) {
  std::lock_guard lock(mutex_);
  REVERIE_ASSERT(partition.value < shelves_.size(), "the partition exists");
  return store(partition, std::move(content));
}

void memory_log::corrupt(log_position place) {
  std::lock_guard lock(mutex_);
  shelves_.at(place.partition.value).records.at(place.offset.value).corrupted = true;
}

std::uint64_t memory_log::acknowledged() const {
  std::lock_guard lock(mutex_);
  return acknowledged_;
}

} // namespace reverie::events
