#include "ops/cli/shadow_replay.hpp"

#include "ops/cli/state_file.hpp"
#include "ops/cli/printed_number.hpp"
#include "ops/cli/replay_bar.hpp"

#include <cstdio>
#include <fstream>

namespace reverie::ops {

namespace {

using nlohmann::ordered_json;

exit_code save(const state_folding& folding, const std::string& path, replay_bar& bar, bool json) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  if (!out) return report({events::failure_code::malformed, "can't write to " + path});
  const auto done = save_states(folding, out);
  bar.finish();
  if (!done) return report(done.error());
  if (json) std::puts(ordered_json{{"entities", done->entities}, {"erased", done->erased}, {"records", done->records}}.dump().c_str());
  else std::printf("saved: %llu entities of %llu records, %llu erased\n", printed(done->entities), printed(done->records), printed(done->erased));
  return exit_code::done;
}

exit_code compare(const state_folding& folding, const std::string& path, replay_bar& bar, bool json) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return report({events::failure_code::malformed, "can't read " + path});
  const auto done = compare_states(folding, in, [&bar](const state_difference& each) {
    bar.finish();
    std::puts(ordered_json{{"entity", each.entity}, {"sequence", each.sequence}, {"patch", each.patch}}.dump().c_str());
  });
  bar.finish();
  if (!done) return report(done.error());
  if (json) std::puts(ordered_json{{"entities", done->entities}, {"differences", done->differences}, {"missing", done->missing}}.dump().c_str());
  else std::printf("compared: %llu entities, %llu differences, %llu erased or gone\n", printed(done->entities), printed(done->differences), printed(done->missing));
  return done->differences == 0 ? exit_code::done : exit_code::differences;
}

} // namespace

exit_code run_shadow_replay(const log_access& access, const replay_options& how, bool json) {
  if (!access.vault) return report({events::failure_code::malformed, "states are sealed with the people's keys: name the database (--database-url)"});
  state_folding folding{.log = *access.log, .keys = *access.vault->keys, .replay = {}, .threads = how.threads, .kind = std::nullopt};
  if (how.kind) folding.kind = events::parse_entity_kind(*how.kind);
  folding.replay.make_opener = [&] { return access.opener(); };
  std::uint64_t total = 0;
  for (std::uint32_t i = 0; i < access.log->partitions(); ++i) {
    const auto range = access.log->range({i});
    if (!range) return report(range.error());
    total += range->end.value - range->first.value;
  }
  replay_bar bar("folding", total, access.log->partitions());
  folding.replay.on_progress = [&bar](const events::replay_progress& each) { bar(each); };
  return how.save_states ? save(folding, *how.save_states, bar, json) : compare(folding, *how.against, bar, json);
}

} // namespace reverie::ops
