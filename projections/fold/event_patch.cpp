#include "projections/fold/event_patch.hpp"

namespace reverie::projections {
namespace {

using events::fail;
using events::failure_code;
using events::outcome;
using pointer = patch_json::json_pointer;

std::unexpected<events::failure> wrong(std::size_t at, const std::string& what) {
  return fail(failure_code::malformed, "operation " + std::to_string(at + 1) + ": " + what);
}

/// A pointer to something inside the data, not the data itself.
bool is_path(const patch_json& text) {
  if (!text.is_string()) return false;
  const auto& path = text.get_ref<const std::string&>();
  if (path.size() < 2 || path.size() > patch_path_bytes_max || path.front() != '/') return false;
  for (std::size_t i = 0; i < path.size(); ++i)
    if (path[i] == '~' && (i + 1 == path.size() || (path[i + 1] != '0' && path[i + 1] != '1'))) return false;
  return true;
}

outcome<patch_operation> parse_one(const patch_json& one, std::size_t at) {
  if (!one.is_object()) return wrong(at, "is no object");
  const auto text = [&](const char* name) { return one.contains(name) ? one[name] : patch_json(); };
  if (!is_path(text("path"))) return wrong(at, "path is a JSON pointer like /content");
  patch_operation made{.what = patch_operation::kind::set, .path = text("path").get<std::string>()};
  const auto name = text("op");
  if (name == "set") {
    if (!one.contains("value")) return wrong(at, "set needs a value");
    made.value = one["value"];
    if (made.value.dump(-1, ' ', false, patch_json::error_handler_t::replace).size() > patch_value_bytes_max) return wrong(at, "its value is too large");
  } else if (name == "rename") {
    made.what = patch_operation::kind::rename;
    if (!is_path(text("to"))) return wrong(at, "rename needs a JSON pointer in `to`");
    made.to = text("to").get<std::string>();
  } else if (name == "remove") {
    made.what = patch_operation::kind::remove;
  } else {
    return wrong(at, "op is set, rename or remove");
  }
  return made;
}

/// Where a value is to be put: its parent, which must be there, as an object.
patch_json* parent_of(patch_json& data, const pointer& at) {
  const auto up = at.parent_pointer();
  if (!data.contains(up)) return nullptr;
  auto& parent = data[up];
  return parent.is_object() ? &parent : nullptr;
}

} // namespace

outcome<std::vector<patch_operation>> parse_patch(const patch_json& operations) {
  if (!operations.is_array() || operations.empty()) return fail(failure_code::malformed, "a rule is a list of operations");
  if (operations.size() > patch_operations_max) return fail(failure_code::malformed, "a rule has at most " + std::to_string(patch_operations_max) + " operations");
  std::vector<patch_operation> all;
  for (std::size_t i = 0; i < operations.size(); ++i) {
    auto one = parse_one(operations[i], i);
    if (!one) return std::unexpected(one.error());
    all.push_back(std::move(*one));
  }
  return all;
}

patch_json patch_document(const std::vector<patch_operation>& operations) {
  auto all = patch_json::array();
  for (const auto& each : operations) {
    using kind = patch_operation::kind;
    if (each.what == kind::set) all.push_back({{"op", "set"}, {"path", each.path}, {"value", each.value}});
    else if (each.what == kind::rename) all.push_back({{"op", "rename"}, {"path", each.path}, {"to", each.to}});
    else all.push_back({{"op", "remove"}, {"path", each.path}});
  }
  return all;
}

std::string field_of(const std::string& path) { return pointer(path.substr(0, path.find('/', 1))).back(); }

outcome<patch_json> apply_patch(patch_json data, const std::vector<patch_operation>& operations) {
  using kind = patch_operation::kind;
  for (std::size_t i = 0; i < operations.size(); ++i) {
    const auto& each = operations[i];
    const pointer at(each.path);
    if (each.what == kind::set) {
      auto* parent = parent_of(data, at);
      if (parent == nullptr) return wrong(i, "there is nothing to put " + each.path + " into");
      (*parent)[at.back()] = each.value;
      continue;
    }
    auto* from = parent_of(data, at);
    const bool there = from != nullptr && from->contains(at.back());
    if (each.what == kind::remove) {
      if (there) from->erase(at.back());
      continue;
    }
    if (!there) continue;
    auto moved = (*from)[at.back()];
    from->erase(at.back());
    const pointer to(each.to);
    auto* parent = parent_of(data, to);
    if (parent == nullptr) return wrong(i, "there is nothing to put " + each.to + " into");
    (*parent)[to.back()] = std::move(moved);
  }
  return data;
}

} // namespace reverie::projections
