#include "events/model/ids.hpp"
#include "ops/cli/commands.hpp"
#include "ops/cli/operator_calls.hpp"
#include "ops/cli/printed_number.hpp"

#include <cstdio>

namespace reverie::ops {

using nlohmann::ordered_json;

exit_code run_fork(const settings& given, const fork_options& how, bool json) {
  const auto entity = events::parse_entity(how.session);
  if (!entity || entity->kind != events::entity_kind::session)
    return report({events::failure_code::malformed, "'" + how.session + "' is no conversation: use session/<id>"});
  auto calls = operator_calls::to(given, how.server);
  if (!calls) return report(calls.error());
  ordered_json wish{{"reason", how.reason}, {"model", how.model}};
  if (how.sequence) wish["sequence"] = *how.sequence;
  auto made = calls->post("/conversations/" + events::to_string(entity->id) + "/fork", wish);
  if (!made) return report(made.error());
  const auto id = made->value("id", std::string());
  for (const auto& text : how.say)
    if (auto said = calls->post("/forks/" + id + "/messages", {{"content", text}}); !said) return report(said.error());
  if (json) std::puts(made->dump().c_str());
  else std::printf("forked: forked_session/%s, after event %llu\n", id.c_str(), printed(made->value("origin_sequence", std::uint64_t{0})));
  return exit_code::done;
}

} // namespace reverie::ops
