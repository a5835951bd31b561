#include "tests/unit/tidy/project_files.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace reverie::tests;

namespace {

/// Which files a folder may include beside its own: prefixes of paths. The table of the architecture (docs/ARCHITECTURE.md).
struct direction {
  std::string from;
  std::vector<std::string> may_include;
};

const std::vector<direction>& directions() {
  static const std::vector<std::string> ports{"events/model/", "events/codec/", "events/log/", "events/vault/"};
  auto with = [](std::vector<std::string> base, const std::vector<std::string>& more) {
    base.insert(base.end(), more.begin(), more.end());
    return base;
  };
  static const std::vector<std::string> effect_ports{"actors/effects/recall.hpp", "actors/effects/embedder.hpp"};
  static const std::vector<std::string> commands{"actors/domain/user/commands.hpp", "actors/domain/session/commands.hpp",
                                                 "actors/domain/character/commands.hpp", "actors/domain/bond/commands.hpp",
                                                 "actors/domain/effect.hpp", "actors/domain/decision.hpp"};
  static const std::vector<std::string> gateway_may =
      with(with(with(ports, commands), effect_ports),
           {"actors/effects/chat_model.hpp", "actors/runtime/interfaces.hpp", "actors/runtime/caf_compat.hpp",
            "actors/runtime/actor_interfaces.hpp", "projections/queries/read_models.hpp", "projections/runner/progress.hpp",
            "gateway/wire/", "gateway/http/", "gateway/bridge/"});
  static const std::vector<direction> table{
      {"events/model/", {}},
      {"events/codec/", {"events/model/", "events/log/", "events/vault/"}},
      {"events/log/", {"events/model/", "events/codec/", "events/vault/"}},
      {"events/vault/", {"events/model/", "events/codec/", "events/log/"}},
      {"events/replay/", ports},
      {"events/rocksdb/", ports},
      {"events/kafka/", ports},
      {"actors/domain/", {"events/model/", "events/codec/fields_json"}},
      {"actors/effects/", with(ports, {"actors/domain/", "actors/runtime/"})},
      {"actors/runtime/", with(ports, {"events/replay/", "actors/domain/", "actors/effects/"})},
      {"projections/", with(with(ports, effect_ports), {"projections/"})},
      {"gateway/wire/", with(commands, {"events/model/", "events/codec/"})},
      {"gateway/http/", gateway_may},
      {"gateway/bridge/", gateway_may}};
  return table;
}

std::vector<std::string> project_includes(const std::string& text) {
  std::vector<std::string> found;
  for (const auto& line : lines_of(text))
    if (line.starts_with("#include \"")) found.push_back(line.substr(10, line.find('"', 10) - 10));
  return found;
}

} // namespace

TEST(tidy, includes_point_one_way) {
  for (const auto& file : project_files()) {
    if (!file.is_cpp()) continue;
    auto row = std::ranges::find_if(directions(), [&](const direction& each) { return file.path.starts_with(each.from); });
    if (row == directions().end()) {
      EXPECT_TRUE(file.path.starts_with("ops/") || file.path.starts_with("tests/")) << file.path << " lies in no known folder";
      continue;
    }
    for (const auto& include : project_includes(file.text)) {
      bool allowed = include.starts_with(row->from) ||
                     std::ranges::any_of(row->may_include, [&](const std::string& prefix) { return include.starts_with(prefix); });
      EXPECT_TRUE(allowed) << file.path << " may not include " << include;
    }
  }
}
