#include "gateway/bridge/row_reader.hpp"

#include <algorithm>

namespace reverie::gateway {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

row_reader::row_reader(gateway_ports& ports, blocking_pool& database, own_writes& written, milliseconds wait)
    : ports_(ports), database_(database), written_(written), wait_(wait) {}

task<bool> row_reader::folded(events::log_position position, milliseconds wait) {
  co_return co_await await_callback<bool>([this, position, wait](std::function<void(bool)> done) {
    ports_.progress.when_folded(position, wait, std::move(done));
  });
}

task<result<void>> row_reader::caught_up(events::user_id reader, std::optional<events::log_position> min_position) {
  if (min_position) {
    auto partitions = ports_.node.status();
    if (std::ranges::find(partitions, min_position->partition, &actors::partition_status::partition) == partitions.end()) {
      co_return std::unexpected(validation_error("This is no position of this server's log.", "min_position"));
    }
  }
  auto until = steady_clock::now() + wait_;
  auto left = [&] { return std::max(milliseconds{0}, std::chrono::duration_cast<milliseconds>(until - steady_clock::now())); };
  if (min_position && !co_await folded(*min_position, left())) {
    std::uint64_t behind = 0;
    for (const auto& status : ports_.progress.status()) {
      if (status.partition != min_position->partition || status.next > min_position->offset) continue;
      behind = std::max(behind, min_position->offset.value + 1 - status.next.value);
    }
    auto error = unavailable_error("The data is not up to this position yet.");
    error.param = "min_position";
    error.details_json = R"({"behind_records":)" + std::to_string(behind) + "}";
    co_return std::unexpected(std::move(error));
  }
  auto pending = written_.pending(reader);
  std::vector<events::log_position> reached;
  for (const auto& position : pending) {
    if (co_await folded(position, left())) reached.push_back(position);
  }
  if (!reached.empty()) written_.settle(reader, reached);
  co_return result<void>{};
}

api_error row_reader::not_there(events::user_id reader, api_error not_found) {
  if (written_.pending(reader).empty()) return not_found;
  return unavailable_error("What you wrote last is not readable yet. Please try again in a moment.");
}

} // namespace reverie::gateway
