#include "tests/adapters/kafka/broker.hpp"
#include "tests/adapters/log_contract.hpp"

namespace reverie::tests {

struct kafka_log_harness {
  std::string topic = fresh_topic();
  std::unique_ptr<events::kafka_log> opened = events::kafka_log::open(log_options(topic)).value();

  event_log& log() { return *opened; }
  void reopen() {
    opened.reset();
    opened = events::kafka_log::open(log_options(topic)).value();
  }
};
INSTANTIATE_TYPED_TEST_SUITE_P(kafka, log_contract, kafka_log_harness);

} // namespace reverie::tests
