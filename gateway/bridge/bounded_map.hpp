#pragma once

#include <cstddef>
#include <list>
#include <unordered_map>
#include <utility>

namespace reverie::gateway {

/// A map of at most `size_max` entries; the one not used for longest goes first. Not thread-safe.
template <class Key, class Value>
class bounded_map {
public:
  explicit bounded_map(std::size_t size_max) : size_max_(size_max) {}

  /// The value of a key, made when it is not there.
  Value& at(const Key& key) {
    if (auto* found = find(key)) return *found;
    if (order_.size() >= size_max_) {
      places_.erase(order_.back().first);
      order_.pop_back();
    }
    order_.emplace_front(key, Value{});
    places_.emplace(key, order_.begin());
    return order_.front().second;
  }
  /// Null when it is not there.
  Value* find(const Key& key) {
    auto place = places_.find(key);
    if (place == places_.end()) return nullptr;
    order_.splice(order_.begin(), order_, place->second);
    return &place->second->second;
  }
  void erase(const Key& key) {
    auto place = places_.find(key);
    if (place == places_.end()) return;
    order_.erase(place->second);
    places_.erase(place);
  }
  std::size_t size() const { return order_.size(); }

private:
  using entries = std::list<std::pair<Key, Value>>;
  std::size_t size_max_;
  entries order_;
  std::unordered_map<Key, typename entries::iterator> places_;
};

} // namespace reverie::gateway
