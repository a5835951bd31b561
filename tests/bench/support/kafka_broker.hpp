#pragma once

#include "tests/support/temporary_folder.hpp"

#include <cstdio>
#include <cstdlib>
#include <string>
#include <sys/stat.h>

namespace reverie::bench {

/// A private Kafka of one broker or three, started by ops/scripts/kafka and removed at the end.
class kafka_broker {
public:
  explicit kafka_broker(int brokers) {
    ::chmod(folder_.path().c_str(), 0755); // the broker's own user has to get in
    list_ = script("start", std::to_string(brokers));
    if (list_.empty()) {
      std::fprintf(stderr, "no Kafka: this benchmark needs one\n");
      std::exit(1);
    }
  }
  ~kafka_broker() { script("remove"); }
  kafka_broker(const kafka_broker&) = delete;
  kafka_broker& operator=(const kafka_broker&) = delete;

  /// host:port[,host:port]
  const std::string& list() const { return list_; }

private:
  std::string script(const std::string& action, const std::string& more = "") const {
    const auto command = std::string(REVERIE_SOURCE_DIR) + "/ops/scripts/kafka " + action + " '" + folder_.path().string() + "' " + more;
    std::string output;
    FILE* pipe = ::popen(command.c_str(), "r");
    if (pipe == nullptr) return output;
    char piece[256];
    while (std::fgets(piece, sizeof piece, pipe) != nullptr) output += piece;
    if (::pclose(pipe) != 0) return {};
    while (output.ends_with('\n')) output.pop_back();
    return output;
  }

  tests::temporary_folder folder_;
  std::string list_;
};

} // namespace reverie::bench
