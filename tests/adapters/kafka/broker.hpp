#pragma once

#include "events/kafka/kafka_log.hpp"
#include "tests/support/temporary_folder.hpp"

#include <string>

namespace reverie::tests {

/// A private Kafka of this program, started by ops/scripts/kafka when the first test asks for it and removed at the end.
class broker {
public:
  static broker& of_this_program();
  ~broker();

  const std::string& list() const { return list_; }
  /// Stops it and starts it again on the same ports.
  void restart();
  void stop();
  void start();
  /// Ends it as a crash does.
  void kill();
  /// The process, frozen and thawed.
  void freeze(bool frozen);
  /// Where a partition of a topic lies.
  std::filesystem::path segment(const std::string& topic, std::uint32_t partition) const;

private:
  broker();
  std::string script(const std::string& action) const;

  temporary_folder folder_;
  std::string list_;
};

/// A name for a topic that no other test has.
std::string fresh_topic();
/// Options for a log of four partitions on this program's broker.
events::kafka_log_options log_options(std::string topic);

/// What a shell command prints; the test fails when it does not end with 0.
std::string output_of(const std::string& command);

} // namespace reverie::tests
