#pragma once

#include "events/model/failure.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace reverie::projections {

using patch_json = nlohmann::ordered_json;

/// One change of an event's data: a field set, renamed or taken away. Paths are JSON pointers into the data.
struct patch_operation {
  enum class kind { set, rename, remove } what{};
  std::string path;
  std::string to{};   ///< of rename
  patch_json value{}; ///< of set
};

inline constexpr std::size_t patch_operations_max = 32;
inline constexpr std::size_t patch_path_bytes_max = 200;
inline constexpr std::size_t patch_value_bytes_max = 64 * 1024;

/// Reads `[{"op":"set","path":"/a","value":…},{"op":"rename","path":"/a","to":"/b"},{"op":"remove","path":"/a"}]`. `malformed` says what is
/// wrong with it, without values.
events::outcome<std::vector<patch_operation>> parse_patch(const patch_json& operations);
patch_json patch_document(const std::vector<patch_operation>& operations);

/// The first part of a path: the field of the event.
std::string field_of(const std::string& path);

/// Applies the operations in order. `malformed` when there is nothing to put a value into; renaming or taking away what is not there is no
/// failure, so that a rule may meet events that need it and events that don't. Pure.
events::outcome<patch_json> apply_patch(patch_json data, const std::vector<patch_operation>& operations);

} // namespace reverie::projections
