#include "ops/operator/state_diff.hpp"

#include <algorithm>
#include <set>

namespace reverie::ops {

using gateway::document;

namespace {

std::string pointer_part(const std::string& key) {
  std::string text = "/";
  for (char each : key) {
    if (each == '~') text += "~0";
    else if (each == '/') text += "~1";
    else text += each;
  }
  return text;
}

void note(document& changes, const std::string& path, const char* op, const document& before, const document& after) {
  changes.push_back({{"path", path}, {"op", op}, {"before", before}, {"after", after}});
}

void compare(document& changes, const std::string& path, const document& before, const document& after);

void compare_objects(document& changes, const std::string& path, const document& before, const document& after) {
  std::set<std::string> keys;
  for (const auto& each : before.items()) keys.insert(each.key());
  for (const auto& each : after.items()) keys.insert(each.key());
  for (const auto& key : keys) {
    const auto old = before.find(key), fresh = after.find(key);
    const auto place = path + pointer_part(key);
    if (old == before.end()) note(changes, place, "add", nullptr, *fresh);
    else if (fresh == after.end()) note(changes, place, "remove", *old, nullptr);
    else compare(changes, place, *old, *fresh);
  }
}

void compare_arrays(document& changes, const std::string& path, const document& before, const document& after) {
  for (std::size_t i = 0; i < std::max(before.size(), after.size()); ++i) {
    const auto place = path + "/" + std::to_string(i);
    if (i >= before.size()) note(changes, place, "add", nullptr, after[i]);
    else if (i >= after.size()) note(changes, place, "remove", before[i], nullptr);
    else compare(changes, place, before[i], after[i]);
  }
}

void compare(document& changes, const std::string& path, const document& before, const document& after) {
  if (before == after) return;
  static const auto nothing = document::object();
  const auto empty_list = [](const document& value) { return value.is_array() && value.empty(); };
  const auto& old = empty_list(before) && after.is_object() ? nothing : before;
  const auto& fresh = empty_list(after) && before.is_object() ? nothing : after;
  if (old.is_object() && fresh.is_object()) compare_objects(changes, path, old, fresh);
  else if (old.is_array() && fresh.is_array()) compare_arrays(changes, path, old, fresh);
  else note(changes, path, "replace", old, fresh);
}

} // namespace

document state_diff(const document& before, const document& after) {
  auto changes = document::array();
  compare(changes, "", before, after);
  return changes;
}

gateway::document private_changes(gateway::document changes, gateway::privacy_mode privacy) {
  for (auto& each : changes)
    for (const char* side : {"before", "after"}) {
      const auto path = each["path"].get<std::string>();
      auto wrapped = gateway::private_state(gateway::document{{path.substr(path.rfind('/') + 1), each[side]}}, privacy);
      each[side] = std::move(wrapped.front());
    }
  return changes;
}

} // namespace reverie::ops
