#pragma once

#include <algorithm>
#include <vector>

namespace reverie::actors {

/// Sets of ids as sorted vectors: 16 bytes an id, and fresh ids (version 7) go to the end.
template <class Id>
bool contains_id(const std::vector<Id>& sorted, const Id& id) {
  return std::ranges::binary_search(sorted, id);
}

template <class Id>
void insert_id(std::vector<Id>& sorted, const Id& id) {
  const auto at = std::ranges::lower_bound(sorted, id);
  if (at == sorted.end() || *at != id) sorted.insert(at, id);
}

template <class Id>
void erase_id(std::vector<Id>& sorted, const Id& id) {
  const auto at = std::ranges::lower_bound(sorted, id);
  if (at != sorted.end() && *at == id) sorted.erase(at);
}

} // namespace reverie::actors
