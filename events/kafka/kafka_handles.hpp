#pragma once

#include "events/model/failure.hpp"

#include <librdkafka/rdkafka.h>

#include <memory>
#include <string_view>

/// librdkafka's handles, each owned by one object that gives it back.
namespace reverie::events {

template <auto Release>
struct kafka_release {
  template <class Handle>
  void operator()(Handle* handle) const {
    Release(handle);
  }
};

using kafka_conf = std::unique_ptr<rd_kafka_conf_t, kafka_release<rd_kafka_conf_destroy>>;
using kafka_topic_conf = std::unique_ptr<rd_kafka_topic_conf_t, kafka_release<rd_kafka_topic_conf_destroy>>;
using kafka_handle = std::unique_ptr<rd_kafka_t, kafka_release<rd_kafka_destroy>>;
using kafka_topic_handle = std::unique_ptr<rd_kafka_topic_t, kafka_release<rd_kafka_topic_destroy>>;
using kafka_queue = std::unique_ptr<rd_kafka_queue_t, kafka_release<rd_kafka_queue_destroy>>;
using kafka_message = std::unique_ptr<rd_kafka_message_t, kafka_release<rd_kafka_message_destroy>>;
using kafka_headers = std::unique_ptr<rd_kafka_headers_t, kafka_release<rd_kafka_headers_destroy>>;
using kafka_event = std::unique_ptr<rd_kafka_event_t, kafka_release<rd_kafka_event_destroy>>;
using kafka_admin_options = std::unique_ptr<rd_kafka_AdminOptions_t, kafka_release<rd_kafka_AdminOptions_destroy>>;
using kafka_new_topic = std::unique_ptr<rd_kafka_NewTopic_t, kafka_release<rd_kafka_NewTopic_destroy>>;
using kafka_error_handle = std::unique_ptr<rd_kafka_error_t, kafka_release<rd_kafka_error_destroy>>;
using kafka_partition_list = std::unique_ptr<rd_kafka_topic_partition_list_t, kafka_release<rd_kafka_topic_partition_list_destroy>>;
using kafka_config_resource = std::unique_ptr<rd_kafka_ConfigResource_t, kafka_release<rd_kafka_ConfigResource_destroy>>;

struct kafka_metadata_release {
  void operator()(const struct rd_kafka_metadata* metadata) const { rd_kafka_metadata_destroy(metadata); }
};
using kafka_metadata = std::unique_ptr<const struct rd_kafka_metadata, kafka_metadata_release>;

/// An error of librdkafka or of a broker as a failure. What timed out, is refused for now or can't be reached is `unavailable`.
std::unexpected<failure> failure_of(rd_kafka_resp_err_t error, std::string_view doing);

} // namespace reverie::events
