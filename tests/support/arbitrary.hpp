#pragma once

#include "events/codec/fields_json_types.hpp"
#include "events/model/event.hpp"

#include <bit>
#include <random>

/// Values of any described struct from a seed: the same seed gives the same value.
namespace reverie::tests {

class arbitrary {
public:
  explicit arbitrary(std::uint64_t seed) : random_(seed) {}

  std::uint64_t number() { return random_(); }
  std::uint64_t below(std::uint64_t limit) { return random_() % limit; }

  template <class T>
  T value() {
    T made{};
    fill(made);
    return made;
  }

  /// Valid UTF-8 with quotes, control characters and characters of every length among it.
  std::string text() {
    static constexpr const char* pieces[] = {"a", "B", " ", "\"", "\\", "/", "\n", "\t", "\x01", "\x1f", "\x7f", "é", "ß", "日", "本", "😀", "\u2028"};
    std::string made;
    for (auto count = below(12); count > 0; --count) made += pieces[below(std::size(pieces))];
    if (below(8) == 0) made += '\0';
    return made;
  }

private:
  double real() {
    switch (below(6)) {
    case 0: return 0;
    case 1: return -0.0;
    case 2: return static_cast<double>(random_()) * 16;
    case 3: return 0.1 * static_cast<double>(below(100));
    default: break;
    }
    for (;;) {
      auto any = std::bit_cast<double>(random_());
      if (any - any == 0) return any;
    }
  }

  template <class T>
  void fill(T& into) {
    using namespace events;
    using namespace events::fields_json;
    if constexpr (std::same_as<T, bool>) into = below(2) == 1;
    else if constexpr (std::floating_point<T>) into = real();
    else if constexpr (whole_number<T>) into = static_cast<T>(below(3) == 0 ? below(10) : random_());
    else if constexpr (std::same_as<T, std::string>) into = text();
    else if constexpr (std::same_as<T, uuid>) {
      for (auto& byte : into.bytes) byte = static_cast<std::uint8_t>(random_());
    } else if constexpr (is_strong_id<T> || is_strong_number<T>) fill(into.value);
    else if constexpr (is_time_point<T>) into = from_milliseconds(static_cast<std::int64_t>(below(4'000'000'000'000)));
    else if constexpr (is_optional<T>) {
      if (below(2) == 1) fill(into.emplace());
    } else if constexpr (described<T>) {
      for_each_field<T>([&](const auto& each) { fill(into.*(each.member)); });
    } else if constexpr (listing<T>) {
      into.resize(below(4));
      for (auto& item : into) fill(item);
    } else static_assert(supported<T>, "teach arbitrary this type");
  }

  std::mt19937_64 random_;
};

/// One arbitrary event of each type.
inline std::vector<events::event> one_of_each_event(std::uint64_t seed) {
  arbitrary any(seed);
  std::vector<events::event> all;
  [&]<class... Payloads>(std::type_identity<std::variant<Payloads...>>) {
    (all.emplace_back(any.value<Payloads>()), ...);
  }(std::type_identity<events::event>{});
  return all;
}

} // namespace reverie::tests
