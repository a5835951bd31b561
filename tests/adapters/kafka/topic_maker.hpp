#pragma once

#include "events/kafka/kafka_cluster.hpp"

#include <map>
#include <string>

namespace reverie::tests {

/// Makes and looks at topics past the log's own code.
class topic_maker {
public:
  topic_maker();
  void make(const std::string& topic, int partitions, const std::map<std::string, std::string>& settings);
  std::map<std::string, std::string> settings_of(const std::string& topic);

private:
  events::kafka_handle handle_;
};

} // namespace reverie::tests
