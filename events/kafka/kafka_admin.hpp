#pragma once

#include "events/kafka/kafka_cluster.hpp"

#include <array>

namespace reverie::events {

/// Starts an admin request by `ask(options, answers)` and waits for its answer.
template <class Ask>
outcome<kafka_event> ask_admin(rd_kafka_t& handle, rd_kafka_admin_op_t what, const char* doing, Ask ask) {
  kafka_admin_options options(rd_kafka_AdminOptions_new(&handle, what));
  std::array<char, 256> why{};
  rd_kafka_AdminOptions_set_request_timeout(options.get(), static_cast<int>(kafka_cluster::answers_within.count()), why.data(), why.size());
  kafka_queue answers(rd_kafka_queue_new(&handle));
  ask(options.get(), answers.get());
  kafka_event event(rd_kafka_queue_poll(answers.get(), static_cast<int>(kafka_cluster::answers_within.count()) + 1'000));
  if (!event) return fail(failure_code::unavailable, std::string(doing) + ": Kafka does not answer");
  if (auto error = rd_kafka_event_error(event.get()); error != RD_KAFKA_RESP_ERR_NO_ERROR) return failure_of(error, doing);
  return event;
}

} // namespace reverie::events
