#pragma once

#include "gateway/bridge/blocking_pool.hpp"
#include "gateway/bridge/own_writes.hpp"
#include "gateway/bridge/ports.hpp"

#include <optional>

namespace reverie::gateway {

/// Reads of one person: wait for what that person wrote (or for `min_position`), then ask the database pool. Thread-safe.
class row_reader {
public:
  row_reader(gateway_ports& ports, blocking_pool& database, own_writes& written, std::chrono::milliseconds wait);

  /// Waits until the projections hold `min_position` (else 503 with how far behind), and, as long as that takes no longer than the
  /// limit, what the person wrote last.
  task<result<void>> caught_up(events::user_id reader, std::optional<events::log_position> min_position);

  /// Runs `ask(read_models&)`, which gives an outcome, after waiting.
  template <class Ask>
  auto read(events::user_id reader, std::optional<events::log_position> min_position, Ask ask)
      -> task<result<typename std::invoke_result_t<Ask&, projections::read_models&>::value_type>> {
    if (auto waited = co_await caught_up(reader, min_position); !waited) co_return std::unexpected(waited.error());
    auto rows = co_await database_.run([this, ask = std::move(ask)]() mutable { return ask(ports_.reads); });
    if (!rows) co_return std::unexpected(error_of(rows.error()));
    co_return std::move(*rows);
  }

  /// What to answer about a thing that was not found: as long as the reader's own writes are not readable yet, nobody knows that it is
  /// not there.
  api_error not_there(events::user_id reader, api_error not_found);

private:
  task<bool> folded(events::log_position position, std::chrono::milliseconds wait);

  gateway_ports& ports_;
  blocking_pool& database_;
  own_writes& written_;
  std::chrono::milliseconds wait_;
};

} // namespace reverie::gateway
