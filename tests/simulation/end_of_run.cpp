#include "tests/simulation/simulation.hpp"

#include "actors/runtime/recovery.hpp"
#include "events/log/state_hash.hpp"

#include <algorithm>
#include <map>
#include <set>

/// The end of a run: faults end, time passes until nothing is left to do, and everything is compared with the log.
namespace reverie::simulation {

using namespace std::chrono_literals;

namespace {
constexpr auto quiet_within = 400s; ///< of virtual time: every wait and back-off of the server is far shorter
constexpr auto tick = 200ms;
} // namespace

void simulation::end_faults() {
  world_.said->say("world", "the faults end");
  world_.door->away = false;
  people_->become_patient();
  weather_ = {};
  for (const auto& each : machines_)
    for (std::uint32_t i = 0; i < world_.log->partitions(); ++i) each->states->of({i})->fail_writes(std::nullopt);
  for (const auto& each : wires_) each->deliver_all();
  if (world_.network) world_.network->break_way = 0;
  if (processes_.empty()) start_on(*world_.draw->one_of(machines_));
  for (const auto& each : processes_) {
    each->log->weather = {};
    each->model->heal();
    if (each->paused()) each->resume();
  }
  rebalance();
}

void simulation::let_everything_run() {
  for (auto& each : truth_->read_on()) wrong("the log: " + each);
  teach_slices();
  for (const auto& each : processes_) {
    each->look();
    each->look_around();
    for (bool more = true; more;) {
      more = each->step();
      if (world_.network) more = world_.network->deliver_one() || more;
      for (const auto& device : devices_)
        if (device->process() == each.get() && !each->cluster && !each->serves(partition_of(device->user().value))) device->disconnect("this process does not serve it");
      more = each->step_gateway() || more;
      more = each->log->deliver_one() || more;
    }
    for (int i = 0; i < 3; ++i) each->model->go_on();
  }
  upkeep();
}

bool simulation::quiet() {
  if (!people_->satisfied()) return false;
  for (const auto& each : processes_)
    if (each->busy() || each->model->busy() || (each->cluster && (each->cluster->busy() || !each->cluster->caught_up()))) return false;
  if (world_.network && world_.network->anything_waits()) return false;
  for (const auto& each : processes_)
    if (each->cluster && each->cluster->look()) return false; // its devices have not heard of the log's end yet
  for (std::uint32_t i = 0; i < group_.size(); ++i) {
    std::size_t serving = 0;
    for (const auto& each : processes_) {
      const auto status = each->node->status()[i];
      if (!status.serving) continue;
      ++serving;
      if (status.pending_effects > 0 || status.commands_in_flight > 0) return false;
    }
    if (serving != 1) return false;
  }
  if (!std::ranges::all_of(devices_, [](const auto& each) { return each->caught_up(); })) return false;
  for (auto& each : truth_->read_on()) wrong("the log: " + each);
  return truth_->open_replies().empty();
}

void simulation::run_until_quiet() {
  if (!result_.wrong.empty()) return;
  std::size_t ticks = 0;
  for (auto passed = 0ms; passed < quiet_within && result_.wrong.empty(); passed += tick) {
    world_.clock->advance(tick);
    keep_time();
    let_everything_run();
    if (++ticks % 10 == 0) settle_group();
    if (quiet()) {
      world_.said->say("world", "all is quiet");
      return;
    }
  }
}

void simulation::check_liveness() {
  for (auto& each : truth_->read_on()) wrong("the log: " + each);
  if (!result_.wrong.empty()) return;
  if (truth_->counters().gaps > 0) wrong("the log holds a gap");
  for (const auto& [id, session] : truth_->open_replies()) wrong("a reply in " + short_name(session) + " never came to an end");
  for (std::uint32_t i = 0; i < group_.size(); ++i) {
    std::size_t serving = 0;
    std::string why;
    for (const auto& each : processes_) {
      const auto status = each->node->status()[i];
      serving += status.serving ? 1U : 0U;
      why += " " + each->name() + ": " + status.reason;
      if (!status.serving) continue;
      const auto where = each->name() + ", partition " + std::to_string(i) + ": ";
      if (status.pending_effects > 0) wrong(where + std::to_string(status.pending_effects) + " effects are pending for ever");
      if (status.commands_in_flight > 0) wrong(where + std::to_string(status.commands_in_flight) + " commands are in flight for ever");
      if (status.parked_entities > 0) wrong(where + std::to_string(status.parked_entities) + " entities are parked");
    }
    if (serving != 1) wrong("partition " + std::to_string(i) + " is served by " + std::to_string(serving) + " processes;" + why);
  }
}

/// Check 4: what a serving process holds in memory is the fold of the log.
void simulation::check_states() {
  if (!result_.wrong.empty()) return;
  for (const auto& [ref, entity] : truth_->entities()) {
    if (!entity.now) continue;
    const auto partition = partition_of(entity.address.slice_key);
    for (const auto& each : processes_) {
      if (!each->serves(partition)) continue;
      auto held = std::make_shared<std::string>("not told");
      each->node->inspect(entity.address, [held](events::outcome<actors::owned_state> told) { *held = told ? told->json : told.error().message; });
      while (each->step()) {}
      if (*held != entity.now->logic().state_json()) wrong("the state of " + short_name(ref) + " at " + each->name() + " is not the fold of the log: " + held->substr(0, 200));
    }
  }
}

/// Check 4: what lies on a machine's disk stood in the log like this.
void simulation::check_local_states() {
  if (!result_.wrong.empty()) return;
  for (const auto& each : machines_)
    for (std::uint32_t i = 0; i < world_.log->partitions(); ++i)
      (void)each->states->of({i})->for_each_blob([&](const events::entity_blob& blob) {
        if (blob.address.entity.kind == events::entity_kind::partition) return true;
        const auto core = truth_->folded_to(blob.address.entity, blob.last_sequence);
        const bool same = core && core->last_hash() == blob.last_hash && events::hash_of_state(core->logic().state_bytes()) == blob.state_hash;
        if (!same) wrong("the stored state of " + short_name(blob.address.entity) + " on " + each->name + " at #" + std::to_string(blob.last_sequence.value) + " never was");
        return true;
      });
}

namespace {

/// What a recovered partition holds, as text.
std::string in_words(const actors::runtime::node_ports& ports, events::partition_number partition, const log_truth& truth) {
  auto recovered = actors::runtime::recover_partition(ports, partition);
  if (!recovered) return "not recovered: " + recovered.error().message;
  std::set<std::string> lines;
  lines.insert("next " + std::to_string(recovered->applied.next.value) + ", epoch " + std::to_string(recovered->applied.pair.epoch.value));
  for (const auto& [entity, why] : recovered->parked) lines.insert("parked " + short_name(entity) + ": " + why);
  actors::runtime::record_source records{ports.log, partition};
  for (const auto& [ref, entity] : truth.entities()) {
    if (!entity.now || entity.records.front().position.partition != partition) continue;
    const auto tip = recovered->store->tip_of(ref);
    if (!tip || !*tip) return "no tip of " + short_name(ref);
    auto core = actors::runtime::load_entity(entity.address, {{(**tip).first.value - 1}, (**tip).second}, *recovered->store, records, *ports.keys, {});
    if (!core) return short_name(ref) + " can't be loaded: " + core.error().message;
    lines.insert(short_name(ref) + " #" + std::to_string((*core)->last_sequence().value) + " " + (*core)->logic().state_json());
    for (const auto& record : entity.records) {
      if (record.content.headers.command.is_nil()) continue;
      const auto answer = recovered->store->answer_of(actors::runtime::ledger_id(record.content.slice_key, record.content.headers.command));
      lines.insert("command " + short_name(record.content.headers.command.value) + ": " +
                   (answer && *answer ? events::to_string((**answer).position) + " " + short_name((**answer).subject) : "unknown"));
    }
  }
  std::string all;
  for (const auto& each : lines) all += each + "\n";
  return all;
}

std::string first_difference(const std::string& one, const std::string& other) {
  const auto at = std::ranges::mismatch(one, other).in1 - one.begin();
  const auto from = one.rfind('\n', static_cast<std::size_t>(std::max<std::ptrdiff_t>(at - 1, 0)));
  const auto begin = from == std::string::npos ? 0 : from + 1;
  return "'" + one.substr(begin, 200) + "', not '" + other.substr(std::min(begin, other.size()), 200) + "'";
}

} // namespace

/// Check 4: local state and the tail of the log give what a full replay gives.
void simulation::check_recovery() {
  if (!result_.wrong.empty()) return;
  auto keys = std::make_shared<events::memory_key_ring>(world_.vault);
  for (std::uint32_t i = 0; i < world_.log->partitions(); ++i) {
    actors::runtime::node_ports ports{world_.log, std::make_shared<events::memory_state_store_factory>(), keys, world_.clock, nullptr, nullptr, nullptr, {}, nullptr, {}};
    const auto replayed = in_words(ports, {i}, *truth_);
    for (const auto& each : machines_) {
      ports.states = each->states;
      if (const auto local = in_words(ports, {i}, *truth_); local != replayed)
        wrong("partition " + std::to_string(i) + " from the local state of " + each->name + " is not what a full replay gives: " + first_difference(local, replayed));
    }
  }
}

/// Check 6: an attempt ends once, and its text is by the process that began it.
void simulation::check_replies() {
  if (!result_.wrong.empty()) return;
  std::map<std::pair<events::message_id, std::uint32_t>, std::string> begun, ended;
  for (std::uint32_t i = 0; i < truth_->partitions(); ++i)
    for (const auto& record : truth_->counted({i}))
      for (const auto& each : record.happened) {
        const auto where = events::to_string(record.stored.position);
        const auto end = [&](events::message_id reply, std::uint32_t attempt) {
          if (!ended.try_emplace({reply, attempt}, where).second) wrong("an attempt at reply " + short_name(reply.value) + " ended twice, again at " + where);
          if (!begun.contains({reply, attempt})) wrong("an attempt at reply " + short_name(reply.value) + " ended at " + where + " and never began");
        };
        if (const auto* started = std::get_if<events::session::reply_started>(&each.payload)) {
          if (!begun.try_emplace({started->reply, started->attempt}, truth_->process_of(record.stored.content.headers.writer)).second)
            wrong("an attempt at reply " + short_name(started->reply.value) + " began twice, again at " + where);
        } else if (const auto* failed = std::get_if<events::session::reply_failed>(&each.payload)) {
          end(failed->reply, failed->attempt);
        } else if (const auto* done = std::get_if<events::session::reply_completed>(&each.payload)) {
          end(done->reply, done->attempt);
          const auto& by = begun[{done->reply, done->attempt}];
          if (!done->content.empty() && !done->content.starts_with("~" + by + "~"))
            wrong("attempt " + std::to_string(done->attempt) + " at reply " + short_name(done->reply.value) + " was begun by " + by + " and made by another: " + done->content.substr(0, 12));
        }
      }
}

/// Check 5: the tables, folded batch by batch with crashes between, are the fold of the whole log.
void simulation::check_rows() {
  for (const auto& each : projectors_) each->finish();
  for (const auto& each : projectors_)
    for (const auto& what : each->wrong()) wrong(what);
  if (!result_.wrong.empty()) return;
  const auto whole = rows_from_start(world_);
  if (const auto held = tables_->all(); held != whole) wrong("the tables are not the fold of the log: " + first_difference(held, whole));
}

} // namespace reverie::simulation
