#include "ops/cli/grammar.hpp"

/// Commands that change what is served, and those that show it.
namespace reverie::ops {
namespace {

constexpr const char* projection_names = "users, characters, conversations, messages, memories, bonds, forks";

} // namespace

void grammar::describe_rebuild() {
  using act = rebuild_options::act;
  auto* rebuilding = command(app, "rebuild", "make projections again from the log, beside those that serve");
  rebuilding->add_option("projection", rebuild.projections, projection_names);
  rebuilding->add_flag("--all", rebuild.all, "every projection");
  rebuilding->add_flag("--no-switch", rebuild.no_switch, "leave the new version ready; the next rebuild, or a server of this build, switches to it");
  rebuilding->add_flag("--no-keep", rebuild.no_keep, "drop the older version after the switch");
  rebuilding->add_flag("--no-compare", rebuild.no_compare, "switch without comparing old and new");
  rebuilding->add_flag("--expect-same", rebuild.expect_same, "switch only when old and new are the same; else exit 1");
  rebuilding->add_flag("--despite-dead-letters", rebuild.despite_parked, "switch too when the new version has more dead letters than the old; without it exit 1 then");
  rebuilding->add_option("--rate", rebuild.events_per_second, "events a second at most; 0: as many as go");
  rebuilding->add_option("--live-p99-ms", rebuild.live_p99_ms, "give way while live commands take longer (99th percentile); 0: don't look");
  rebuilding->add_option("--reason", rebuild.reason, reason_text);
  const auto instead = [&](const char* flag, act what, const char* meaning) {
    rebuilding->add_flag_callback(flag, [this, what] {
      if (rebuild.what != act::rebuild) throw CLI::ValidationError("rebuild", "only one of these can be done at a time");
      rebuild.what = what;
    }, meaning)->group("Instead of rebuilding");
  };
  instead("--dry-run", act::dry_run, "look first: events that don't fit, rows, size, time, missing embeddings");
  instead("--status", act::status, "versions, and rebuilds under way");
  instead("--pause", act::pause, "let a rebuild that runs wait");
  instead("--resume", act::resume, "let it go on; with --rate or --live-p99-ms under another limit");
  instead("--cancel", act::cancel, "end it and take away what it has made");
  instead("--roll-back", act::roll_back, "go back to the older version, at once");
  instead("--drop-old", act::drop_old, "drop the older version");
  rebuilding->callback([this] {
    if (rebuild.all && !rebuild.projections.empty()) throw CLI::ValidationError("rebuild", "name a projection, or give --all");
    if (!rebuild.all && rebuild.projections.empty() && rebuild.what != act::status) throw CLI::ValidationError("rebuild", "name a projection, or give --all");
    result.command = rebuild;
  });
}

void grammar::describe_letters() {
  auto* group = app.add_subcommand("dead-letters", "events that a projection could not take")->require_subcommand(1);
  const auto describe = [&](const char* action, const char* meaning) {
    auto* made = command(*group, action, meaning);
    made->add_option("id", letters.id, "one of them");
    made->add_option("--projection", letters.projection, "only of this projection");
    made->add_option("--entity", letters.entity, "only of this entity, session/<id> …");
    made->callback([this, name = std::string(action)] {
      letters.action = name;
      const bool chosen = letters.id || letters.projection || letters.entity || letters.all;
      if ((name == "edit" || name == "retire-rule") && !letters.id) throw CLI::ValidationError(name, "say which, by its number");
      if (name != "list" && name != "rules" && !chosen) throw CLI::ValidationError(name, "say which: an id, --projection, --entity or --all");
      result.command = letters;
    });
    return made;
  };
  auto* list = describe("list", "parked events, by entity and in order");
  list->add_option("--state", letters.state, "parked, retried, discarded or any")->check(CLI::IsMember({"parked", "retried", "discarded", "any"}));
  list->add_option("--version", letters.version, "of this version of the projection; without it of the one that serves")->needs("--projection")->check(CLI::Range(1U, 2'147'483'647U));
  auto* retry = describe("retry", "fold them again, in order");
  retry->add_flag("--all", letters.all, "all that are parked");
  retry->add_option("--reason", letters.reason, reason_text);
  retry->add_flag("--dry-run", letters.dry_run, "fold them for real and undo it: what a retry would give");
  auto* edit = describe("edit", "let the projection read the event by a rule, and fold it again; the log stays as it is");
  edit->add_option("--rule", letters.rule, "a file with a JSON list of set, rename and remove; `-`: standard input")->required();
  edit->add_option("--scope", letters.scope, "event: that one alone; entity: those of its type and version from there on; type: of every entity")
      ->check(CLI::IsMember({"event", "entity", "type"}));
  edit->add_flag("--dry-run", letters.dry_run, "show the event before and after, and whether it fits then");
  edit->add_option("--reason", letters.reason, "why; it stays with the rule");
  describe("rules", "rules by which projections read events");
  describe("retire-rule", "end a rule, by its number; rows stay until a rebuild")->add_option("--reason", letters.reason, "why; it stays with the rule")->required();
  auto* discard = describe("discard", "give them up for good");
  discard->add_option("--reason", letters.reason, "why; it stays with them")->required();
  discard->add_flag("--all", letters.all, "all that are parked");
}

void grammar::describe_effects() {
  auto* group = app.add_subcommand("effects", "what is still to be done outside (model calls, embeddings); asks a running server")->require_subcommand(1);
  const auto describe = [&](const char* action, const char* meaning) {
    auto* made = command(*group, action, meaning);
    made->add_option("--entity", effects.entity, "only of this entity, session/<id> …");
    made->add_option("--kind", effects.kind, "only of this kind, as the list names it");
    made->add_option("--partition", effects.partition, "only of this partition");
    made->add_option("--server", effects.server, server_text);
    made->callback([this, name = std::string(action)] {
      effects.action = name;
      if (name == "retry" && effects.id.has_value() == effects.all) throw CLI::ValidationError(name, "say which: an id, or --all");
      result.command = effects;
    });
    return made;
  };
  describe("list", "what waits and what failed, the oldest first")->add_option("--state", effects.state, "only these: pending or failed")->check(CLI::IsMember({"pending", "failed"}));
  auto* retry = describe("retry", "ask again for what failed");
  retry->add_option("id", effects.id, "one of them");
  retry->add_flag("--all", effects.all, "all that failed, or those of --entity, --kind and --partition");
  retry->add_option("--reason", effects.reason, reason_text);
}

void grammar::describe_projections() {
  auto* standing = app.add_subcommand("projections", "where projections stand, and whether they go on")->require_subcommand(1);
  const auto describe = [&](const char* action, const char* meaning) {
    auto* made = command(*standing, action, meaning);
    made->callback([this, name = std::string(action)] {
      shelf.action = name;
      result.command = shelf;
    });
    return made;
  };
  describe("list", "positions by partition, and what is paused");
  auto* pause = describe("pause", "leave it where it is; reads say how far behind they are");
  auto* resume = describe("resume", "let it go on where it stands");
  for (auto* each : {pause, resume}) {
    each->add_option("projection", shelf.projections, projection_names)->required();
    each->add_option("--partition", shelf.partition, "only there");
  }
  pause->add_option("--reason", shelf.reason, "why; operators see it")->required();
  auto* reset = describe("reset", "set it back; runners fold on from there, readers see that state until it has caught up");
  reset->add_option("projection", shelf.projections, projection_names)->required();
  reset->add_option("--partition", shelf.partition, "only there");
  auto* places = reset->add_option_group("place", "where to");
  places->add_option("--to-offset", shelf.to_offset, "the first offset folded again; with --partition");
  places->add_option("--to-time", shelf.to_time, "what was written from then on is folded again (RFC 3339)");
  places->add_flag("--to-start", shelf.to_start, "the log's start");
  places->require_option(1);
  for (auto* each : {resume, reset}) each->add_option("--reason", shelf.reason, reason_text);
  reset->add_flag("--dry-run", shelf.dry_run, "only show what it would touch");
}

void grammar::describe_vectors() {
  auto* group = app.add_subcommand("vectors", "versions of the memories' vectors, by embedding model")->require_subcommand(1);
  const auto describe = [&](const char* action, const char* meaning) {
    auto* made = command(*group, action, meaning);
    made->callback([this, name = std::string(action)] {
      vectors.action = name;
      result.command = vectors;
    });
    if (std::string_view(action) != "list") made->add_option("--reason", vectors.reason, reason_text);
    return made;
  };
  describe("list", "models, states, coverage, what comparisons found");
  describe("build", "embed all memories by the model of next-embedding-model, beside the vectors that serve");
  describe("roll-back", "search by the version before again");
  auto* compare = describe("compare", "recall by a version against recall by the one that serves, on what people asked");
  compare->add_option("--queries", vectors.queries, "so many messages")->check(CLI::Range(1, 100'000));
  compare->add_option("--nearest", vectors.nearest, "so many memories for each")->check(CLI::Range(1, 1'000));
  auto* change = describe("switch", "search by a version that was compared");
  change->add_flag("--without-comparison", vectors.without_comparison, "though nobody has compared it");
  for (auto* each : {compare, change, describe("drop", "take a version away, with what the cache holds of its model")})
    each->add_option("version", vectors.version, "its number")->required();
}

} // namespace reverie::ops
