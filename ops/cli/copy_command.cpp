#include "actors/runtime/ports.hpp"
#include "events/replay/log_copy.hpp"
#include "ops/cli/commands.hpp"
#include "ops/cli/interrupts.hpp"
#include "ops/cli/progress_bar.hpp"
#include "ops/cli/printed_number.hpp"
#include "ops/server/data_folder.hpp"
#include "ops/server/log_choice.hpp"
#include "ops/server/server_core.hpp"

#include <nlohmann/json.hpp>

#include <cstdio>

namespace reverie::ops {

namespace {

events::writer_id fresh_writer(actors::runtime::random_port& random) {
  events::writer_id made;
  random.fill(made.value.bytes);
  return made;
}

struct both_logs {
  std::optional<data_folder> held; ///< so that no server of ours writes meanwhile
  chosen_log source, target;
};

events::outcome<both_logs> open_both(const settings& given, const events_options& how) {
  const other_log other{how.other_log, how.other_topic};
  both_logs logs;
  if (how.action == "import") {
    auto folder = data_folder::open(given.text("data"));
    if (!folder) return std::unexpected(folder.error());
    logs.held.emplace(std::move(*folder));
  }
  auto source = how.action == "import" ? open_other_log(given, other, false) : open_log_beside(given, given.text("data"));
  if (!source) return std::unexpected(source.error());
  auto target = how.action == "import" ? open_log(given, given.text("data")) : open_other_log(given, other, true);
  if (!target) return std::unexpected(target.error());
  logs.source = std::move(*source);
  logs.target = std::move(*target);
  return logs;
}

} // namespace

exit_code run_copy(const settings& given, const events_options& how, bool json) {
  auto logs = open_both(given, how);
  if (!logs) return report(logs.error());
  note_interrupts();
  std::stop_source stop;
  std::optional<progress_bar> bar;
  auto random = actors::runtime::machine_random();
  events::log_copy_options options{.fresh_writer = [&] { return fresh_writer(*random); },
                                   .now = wall_time(),
                                   .node = how.action,
                                   .on_progress =
                                       [&](const events::log_copy_progress& now) {
                                         if (!bar) bar.emplace(how.action, "records", now.of);
                                         bar->advance_to(now.read);
                                         if (interrupted()) stop.request_stop();
                                       },
                                   .stop = stop.get_token()};
  auto done = events::copy_log(*logs->source.log, *logs->target.log, options);
  bar.reset();
  logs->target.log->close();
  if (!done) return report(done.error());
  if (json) std::puts(nlohmann::ordered_json{{"copied", done->copied}, {"present", done->present}, {"left_out", done->left_out}}.dump().c_str());
  else
    std::printf("%s: %llu records copied, %llu were there, %llu left out (control records, and what never counted)\n", how.action.c_str(),
                printed(done->copied), printed(done->present),
                printed(done->left_out));
  return exit_code::done;
}

} // namespace reverie::ops
