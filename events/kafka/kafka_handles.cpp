#include "events/kafka/kafka_handles.hpp"

namespace reverie::events {

std::unexpected<failure> failure_of(rd_kafka_resp_err_t error, std::string_view doing) {
  auto code = failure_code::unavailable;
  switch (error) {
  case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE: code = failure_code::too_large; break;
  case RD_KAFKA_RESP_ERR__QUEUE_FULL: code = failure_code::overloaded; break;
  case RD_KAFKA_RESP_ERR__BAD_MSG:
  case RD_KAFKA_RESP_ERR__BAD_COMPRESSION:
  case RD_KAFKA_RESP_ERR_INVALID_MSG: code = failure_code::corrupted; break;
  default: break;
  }
  return fail(code, std::string(doing) + ": " + rd_kafka_err2str(error));
}

} // namespace reverie::events
