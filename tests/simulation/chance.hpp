#pragma once

#include <cstdint>
#include <random>
#include <vector>

namespace reverie::simulation {

/// Everything a run leaves open is drawn from here, in one order: the same seed gives the same run. No distribution of the standard
/// library is used: their results differ between libraries.
class chance {
public:
  explicit chance(std::uint64_t seed) : generator_(seed) {}

  std::uint64_t number() { return generator_(); }
  /// Below `count`, which is not 0.
  std::size_t below(std::size_t count) { return static_cast<std::size_t>(generator_() % count); }
  /// From `low` to `high`, both among them.
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(generator_() % static_cast<std::uint64_t>(high - low + 1));
  }
  bool happens(double probability) { return static_cast<double>(generator_() >> 11) * 0x1p-53 < probability; }
  template <class Many>
  auto& one_of(Many& many) { return many[below(many.size())]; }

private:
  std::mt19937_64 generator_;
};

} // namespace reverie::simulation
