#include "tests/adapters/kafka/broker.hpp"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <memory>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace reverie::tests {

namespace {

std::unique_ptr<broker> the_broker;

/// A signal that stops a process reaches its threads one after the other: one that still runs would take what is sent next.
bool is_stopped(const std::string& process) {
  for (const auto& thread : std::filesystem::directory_iterator("/proc/" + process + "/task")) {
    std::ifstream in(thread.path() / "stat");
    std::string text;
    std::getline(in, text);
    const auto name_end = text.rfind(") ");
    if (name_end != std::string::npos && text[name_end + 2] != 'T') return false;
  }
  return true;
}

class broker_goes_with_the_program : public ::testing::Environment {
  void TearDown() override { the_broker.reset(); }
};
[[maybe_unused]] const auto* const environment = ::testing::AddGlobalTestEnvironment(new broker_goes_with_the_program);

} // namespace

std::string output_of(const std::string& command) {
  std::string output;
  FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) {
    ADD_FAILURE() << "can't run " << command;
    return output;
  }
  char piece[4096];
  for (std::size_t got = 0; (got = std::fread(piece, 1, sizeof piece, pipe)) > 0;) output.append(piece, got);
  EXPECT_EQ(::pclose(pipe), 0) << command;
  while (output.ends_with('\n')) output.pop_back();
  return output;
}

broker& broker::of_this_program() {
  if (!the_broker) the_broker.reset(new broker);
  return *the_broker;
}

broker::broker() {
  ::chmod(folder_.path().c_str(), 0755); // the broker's own user has to get in
  start();
}

broker::~broker() { script("remove"); }

std::string broker::script(const std::string& action) const {
  return output_of(std::string(REVERIE_SOURCE_DIR) + "/ops/scripts/kafka " + action + " '" + folder_.path().string() + "'");
}

void broker::start() {
  list_ = script("start");
  if (list_.empty()) {
    std::fprintf(stderr, "no Kafka: these tests need one\n");
    std::exit(1);
  }
}

void broker::stop() { script("stop"); }

void broker::restart() {
  stop();
  start();
}

void broker::kill() { ::kill(static_cast<pid_t>(std::stol(script("processes"))), SIGKILL); }
void broker::freeze(bool frozen) {
  const auto process = script("processes");
  ::kill(static_cast<pid_t>(std::stol(process)), frozen ? SIGSTOP : SIGCONT);
  while (frozen && !is_stopped(process)) std::this_thread::yield();
}

std::filesystem::path broker::segment(const std::string& topic, std::uint32_t partition) const {
  return folder_.path() / "kafka/1/data" / (topic + "-" + std::to_string(partition)) / "00000000000000000000.log";
}

std::string fresh_topic() {
  static int count = 0;
  return "test-" + std::to_string(::getpid()) + "-" + std::to_string(++count);
}

events::kafka_log_options log_options(std::string topic) {
  events::kafka_log_options options;
  options.cluster.brokers = broker::of_this_program().list();
  options.cluster.topic = std::move(topic);
  options.topic.partitions = 4;
  return options;
}

} // namespace reverie::tests
