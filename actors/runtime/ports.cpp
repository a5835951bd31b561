#include "actors/runtime/ports.hpp"

#include <random>

namespace reverie::actors::runtime {
namespace {

class system_clock_port final : public clock_port {
public:
  events::timestamp now() const override {
    return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
  }
  std::chrono::milliseconds steady() const override {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch());
  }
};

/// Ids must not be guessable across restarts, but need no secrecy: a generator per thread, seeded by the machine.
class device_random final : public random_port {
public:
  void fill(std::span<std::uint8_t> bytes) override {
    thread_local std::mt19937_64 generator = [] {
      std::random_device device;
      std::seed_seq seed{device(), device(), device(), device(), device(), device(), device(), device()};
      return std::mt19937_64{seed};
    }();
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      if (i % 8 == 0) word = generator();
      bytes[i] = static_cast<std::uint8_t>(word >> (8 * (i % 8)));
    }
  }
};

} // namespace

std::shared_ptr<clock_port> machine_clock() { return std::make_shared<system_clock_port>(); }
std::shared_ptr<random_port> machine_random() { return std::make_shared<device_random>(); }

} // namespace reverie::actors::runtime
