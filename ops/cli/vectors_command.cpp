#include "ops/cli/commands.hpp"
#include "ops/cli/impact_preview.hpp"
#include "ops/cli/operator_trail.hpp"
#include "ops/cli/projection_choice.hpp"
#include "ops/operator/vector_desk.hpp"
#include "ops/server/models.hpp"
#include "projections/queries/recall_comparison.hpp"
#include "projections/runner/vector_build.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>

namespace reverie::ops {

namespace {

using nlohmann::ordered_json;
using projections::vector_version;

unsigned long long whole(std::uint64_t value) { return value; }

ordered_json version_json(const vector_version& each, const projections::vector_coverage& covered) {
  return {{"version", each.number}, {"model", each.of.model}, {"dimension", each.of.dimension}, {"state", each.state}, {"rows", covered.vectors},
          {"missing", covered.memories > covered.vectors ? covered.memories - covered.vectors : 0},
          {"comparison", each.comparison.empty() ? ordered_json() : ordered_json::parse(each.comparison, nullptr, false)}};
}

exit_code list_vectors(projections::connection& database, bool json) {
  const auto all = projections::read_vector_versions(database);
  if (!all) return report(all.error());
  auto shown = ordered_json::array();
  for (const auto& each : *all) {
    const auto covered = projections::coverage_of(database, each.of);
    if (!covered) return report(covered.error());
    shown.push_back(version_json(each, *covered));
    if (!json) std::printf("v%u  %-8s %s, %zu dimensions, %llu vectors, %llu missing%s\n", each.number, each.state.c_str(), each.of.model.c_str(), each.of.dimension,
                           whole(covered->vectors), whole(covered->memories - std::min(covered->memories, covered->vectors)), each.comparison.empty() ? "" : ", compared");
  }
  if (json) std::puts(shown.dump(2).c_str());
  return exit_code::done;
}

/// The embedder of the settings that makes these vectors; null for none.
std::shared_ptr<actors::embedder> embedder_of(const models& chosen, const projections::embedding_model& of) {
  for (const auto& each : {chosen.embeddings, chosen.next_embeddings})
    if (each && each->model() == of.model && each->dimension() == of.dimension) return each;
  return nullptr;
}

/// Named as the console's actions are.
cli_change change_of(const vectors_options& how) {
  return {.action = "vectors." + how.action, .subject = how.version ? "vectors v" + std::to_string(*how.version) : "vectors", .reason = how.reason};
}

exit_code build_version(const settings& given, const vectors_options& how, bool json) {
  auto access = open_log_and_database(given);
  if (!access) return report(access.error());
  auto chosen = choose_models(given, false);
  if (!chosen) return report(chosen.error());
  const auto with = chosen->next_embeddings;
  if (!with) return report({events::failure_code::malformed, "no second embedding model is named: set --next-embedding-model (and --next-embedding-url)", std::nullopt});
  auto bar = std::make_shared<step_progress>("vectors", "vectors");
  projections::text_embedding embedding{.model = with->model(), .dimension = with->dimension(), .embed = [with](const std::vector<std::string>& texts) { return with->embed(texts); }};
  auto change = change_of(how);
  change.detail["model"] = with->model();
  const auto made = on_record(given, std::move(change), [&] {
    return projections::build_vectors({given.text("database-url"), *access->vault->keys, access->log->partitions()}, std::move(embedding),
                                      [bar](const projections::vector_progress& now) { (*bar)({now.done, now.total, 0, now.step}); });
  });
  bar.reset();
  if (!made) return report(made.error());
  if (json) std::puts(ordered_json{{"version", made->version.number}, {"state", made->version.state}, {"vectors", made->vectors}, {"from_cache", made->from_cache}}.dump().c_str());
  else std::printf("vectors v%u: %s by %s, %llu vectors, %llu of them from the cache; compare it before the switch\n", made->version.number, made->version.state.c_str(),
                   made->version.of.model.c_str(), whole(made->vectors), whole(made->from_cache));
  return exit_code::done;
}

exit_code compare_version(const settings& given, const vectors_options& how, bool json) {
  auto database = open_database(given);
  if (!database) return report(database.error());
  const auto all = projections::read_vector_versions(*database);
  if (!all) return report(all.error());
  const auto serving = std::ranges::find(*all, "serving", &vector_version::state);
  const auto fresh = std::ranges::find(*all, *how.version, &vector_version::number);
  if (fresh == all->end()) return report({events::failure_code::not_found, "there is no version " + std::to_string(*how.version) + " of the vectors", std::nullopt});
  if (serving == all->end() || serving == fresh || fresh->state == "building")
    return report({events::failure_code::locked, "version " + std::to_string(*how.version) + " of the vectors serves, or is not complete", std::nullopt});
  auto chosen = choose_models(given, false);
  if (!chosen) return report(chosen.error());
  projections::connection_pool pool(given.text("database-url"));
  std::optional<progress_bar> bar;
  const auto found = on_record(given, change_of(how), [&] {
    return projections::compare_recall(pool, {*serving, embedder_of(*chosen, serving->of)}, {*fresh, embedder_of(*chosen, fresh->of)}, how.queries, how.nearest, {},
                                       [&bar](std::uint64_t asked, std::uint64_t of) {
                                         if (!bar) bar.emplace("comparing recall", "questions", of);
                                         bar->advance_to(asked);
                                       });
  });
  bar.reset();
  if (!found) return report(found.error());
  const auto view = comparison_document(*found, std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now()));
  if (auto kept = projections::keep_comparison(*database, fresh->number, view.dump()); !kept) return report(kept.error());
  if (json) {
    std::puts(view.dump(2).c_str());
    return exit_code::done;
  }
  std::printf("v%u against v%u, %llu questions, %llu memories each: %.1f %% of what is recalled now would be recalled, overlap %.1f %%, by vectors alone %.1f %%\n", found->fresh,
              found->serving, whole(found->queries), whole(found->nearest), 100 * found->recall_of_serving, 100 * found->overlap, 100 * found->semantic_recall);
  if (found->evidence_queries > 0)
    std::printf("source turn of %llu facts found: %.1f %% now, %.1f %% then\n", whole(found->evidence_queries), 100 * found->evidence_serving, 100 * found->evidence_fresh);
  std::printf("a search takes %.1f ms now, %.1f ms then\n", found->serving_ms, found->fresh_ms);
  return exit_code::done;
}

exit_code change_version(const settings& given, projections::connection& database, const vectors_options& how, bool json, bool yes) {
  if (how.action == "drop") {
    if (!yes)
      if (auto told = tell_vectors(database, *how.version); !told) return report(told.error());
    if (!is_wanted(yes, "dropping vectors and what the cache holds of their model")) return exit_code::refused;
    const auto done = on_record(given, change_of(how), [&] { return projections::drop_vectors(database, *how.version); });
    if (!done) return report(done.error());
    std::puts(json ? R"({"dropped":true})" : "dropped");
    return exit_code::done;
  }
  auto change = change_of(how);
  if (how.without_comparison) change.detail["without_comparison"] = true;
  const auto serving = on_record(given, std::move(change), [&] {
    return how.action == "switch" ? projections::switch_vectors(database, *how.version, how.without_comparison) : projections::roll_back_vectors(database);
  });
  if (!serving) return report(serving.error());
  if (json) std::puts(ordered_json{{"serving", serving->number}, {"model", serving->of.model}}.dump().c_str());
  else std::printf("vectors v%u serve (%s): servers that can ask this model go by it within a second\n", serving->number, serving->of.model.c_str());
  return exit_code::done;
}

} // namespace

exit_code run_vectors(const settings& given, const vectors_options& how, bool json, bool yes) {
  if (how.action == "build") return build_version(given, how, json);
  if (how.action == "compare") return compare_version(given, how, json);
  auto database = open_database(given);
  if (!database) return report(database.error());
  return how.action == "list" ? list_vectors(*database, json) : change_version(given, *database, how, json, yes);
}

} // namespace reverie::ops
