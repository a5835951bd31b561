#include "actors/runtime/cluster_questions.hpp"

#include "actors/runtime/cluster_node.hpp"

namespace reverie::actors::runtime {

using cluster::question;
using events::fail;
using events::failure_code;
using events::outcome;

namespace cluster {
namespace {

using events::field;

struct effect_text {
  events::effect_id id{};
  events::entity_ref entity{};
  std::string kind;
  events::partition_number partition{};
  events::timestamp since{};
  std::uint32_t attempts = 0;
  bool failed = false;
  std::string problem;
  events::entity_ref cause{};
  events::sequence_number cause_sequence{};
  static constexpr auto fields =
      std::tuple{field("id", &effect_text::id),             field("entity", &effect_text::entity),     field("kind", &effect_text::kind),
                 field("partition", &effect_text::partition), field("since", &effect_text::since),     field("attempts", &effect_text::attempts),
                 field("failed", &effect_text::failed),     field("problem", &effect_text::problem),   field("cause", &effect_text::cause),
                 field("cause_sequence", &effect_text::cause_sequence)};
};

struct effects_text {
  std::vector<effect_text> effects;
  static constexpr auto fields = std::tuple{field("effects", &effects_text::effects)};
};

struct standing_text {
  bool in_memory = false, parked = false;
  std::uint64_t waiting = 0;
  std::vector<effect_text> effects;
  static constexpr auto fields = std::tuple{field("in_memory", &standing_text::in_memory), field("parked", &standing_text::parked),
                                            field("waiting", &standing_text::waiting), field("effects", &standing_text::effects)};
};

struct status_text {
  events::partition_number partition{};
  events::epoch_number epoch{};
  events::log_offset applied_next{}, log_end{};
  std::uint64_t counted = 0, fenced = 0, repeated = 0, gaps = 0, live = 0, parked = 0, in_flight = 0, pending = 0;
  events::writer_id writer{};
  bool checkpointed = false;
  events::timestamp checkpoint_at{};
  events::log_offset checkpoint_offset{};
  std::uint64_t generation = 0, bytes = 0;
  static constexpr auto fields =
      std::tuple{field("partition", &status_text::partition), field("epoch", &status_text::epoch),       field("applied_next", &status_text::applied_next),
                 field("log_end", &status_text::log_end),     field("counted", &status_text::counted),   field("fenced", &status_text::fenced),
                 field("repeated", &status_text::repeated),   field("gaps", &status_text::gaps),         field("live", &status_text::live),
                 field("parked", &status_text::parked),       field("in_flight", &status_text::in_flight), field("pending", &status_text::pending),
                 field("writer", &status_text::writer),       field("checkpointed", &status_text::checkpointed),
                 field("checkpoint_at", &status_text::checkpoint_at), field("checkpoint_offset", &status_text::checkpoint_offset),
                 field("generation", &status_text::generation), field("bytes", &status_text::bytes)};
};

effect_text said(const effect_status& one) {
  return {one.id, one.entity, one.kind, one.partition, one.since, one.attempts, one.failed, one.problem, one.cause.entity, one.cause.sequence};
}
effect_status heard(effect_text one) {
  return {.id = one.id, .entity = one.entity, .kind = std::move(one.kind), .partition = one.partition, .since = one.since, .attempts = one.attempts,
          .failed = one.failed, .problem = std::move(one.problem), .cause = {one.cause, one.cause_sequence}};
}

} // namespace

std::string text_of(const std::vector<effect_status>& effects) {
  effects_text text;
  for (const auto& each : effects) text.effects.push_back(said(each));
  return events::to_canonical_json(text);
}

outcome<std::vector<effect_status>> effects_of(std::string_view text) {
  auto read = events::from_canonical_json<effects_text>(text);
  if (!read) return std::unexpected(read.error());
  std::vector<effect_status> effects;
  for (auto& each : read->effects) effects.push_back(heard(std::move(each)));
  return effects;
}

std::string text_of(const entity_standing& standing) {
  standing_text text{standing.in_memory, standing.parked, standing.waiting, {}};
  for (const auto& each : standing.effects) text.effects.push_back(said(each));
  return events::to_canonical_json(text);
}

outcome<entity_standing> standing_of(std::string_view text) {
  auto read = events::from_canonical_json<standing_text>(text);
  if (!read) return std::unexpected(read.error());
  entity_standing standing{read->in_memory, read->parked, static_cast<std::size_t>(read->waiting), {}};
  for (auto& each : read->effects) standing.effects.push_back(heard(std::move(each)));
  return standing;
}

std::string text_of(const partition_status& status) {
  status_text text{status.partition, status.epoch, status.applied_next, status.log_end, status.counted, status.fenced, status.repeated, status.gaps,
                   status.live_entities, status.parked_entities, status.commands_in_flight, status.pending_effects, status.writer,
                   status.checkpoint.has_value(), {}, {}, 0, 0};
  if (status.checkpoint) {
    text.checkpoint_at = status.checkpoint->at;
    text.checkpoint_offset = status.checkpoint->offset;
    text.generation = status.checkpoint->generation;
    text.bytes = status.checkpoint->bytes;
  }
  return events::to_canonical_json(text);
}

outcome<partition_status> status_of(std::string_view text) {
  auto read = events::from_canonical_json<status_text>(text);
  if (!read) return std::unexpected(read.error());
  partition_status status;
  status.partition = read->partition;
  status.epoch = read->epoch;
  status.applied_next = read->applied_next;
  status.log_end = read->log_end;
  status.counted = read->counted;
  status.fenced = read->fenced;
  status.repeated = read->repeated;
  status.gaps = read->gaps;
  status.live_entities = static_cast<std::size_t>(read->live);
  status.parked_entities = static_cast<std::size_t>(read->parked);
  status.commands_in_flight = static_cast<std::size_t>(read->in_flight);
  status.pending_effects = static_cast<std::size_t>(read->pending);
  status.writer = read->writer;
  if (read->checkpointed) status.checkpoint = checkpoint_status{read->checkpoint_at, read->checkpoint_offset, read->generation, read->bytes};
  return status;
}

} // namespace cluster

namespace {

constexpr std::chrono::milliseconds status_asked_every{1'000};
constexpr std::chrono::seconds status_good_for{15};

} // namespace

void cluster_node::effects(events::partition_number partition, std::size_t effects_max, std::function<void(outcome<std::vector<effect_status>>)> done) {
  if (owns(partition)) return local_->effects(partition, effects_max, std::move(done));
  ask_owner({.what = "effects", .partition = partition, .entity = {}, .effect = {}, .most = effects_max}, [done = std::move(done)](outcome<std::string> text) {
    if (!text) return done(std::unexpected(text.error()));
    done(cluster::effects_of(*text));
  });
}

void cluster_node::retry_effect(events::partition_number partition, events::effect_id id, std::function<void(outcome<void>)> done) {
  if (owns(partition)) return local_->retry_effect(partition, id, std::move(done));
  ask_owner({.what = "retry", .partition = partition, .entity = {}, .effect = id, .most = 0}, [done = std::move(done)](outcome<std::string> text) {
    if (!text) return done(std::unexpected(text.error()));
    done({});
  });
}

void cluster_node::stand(events::entity_address entity, std::function<void(outcome<entity_standing>)> done) {
  const auto partition = services().partition_of(entity.slice_key);
  if (!partition || owns(*partition)) return local_->stand(entity, std::move(done));
  ask_owner({.what = "stand", .partition = *partition, .entity = entity, .effect = {}, .most = 0}, [done = std::move(done)](outcome<std::string> text) {
    if (!text) return done(std::unexpected(text.error()));
    done(cluster::standing_of(*text));
  });
}

/// What the owner said last; it is asked again while somebody looks.
std::optional<partition_status> cluster_node::told_status(events::partition_number partition) {
  const auto now = std::chrono::steady_clock::now();
  std::optional<partition_status> known;
  {
    const std::scoped_lock lock(told_mutex_);
    auto& told = told_[partition];
    if (now - told.at <= status_good_for) known = told.status;
    if (now - told.asked_at < status_asked_every) return known;
    told.asked_at = now;
  }
  ask_owner({.what = "status", .partition = partition, .entity = {}, .effect = {}, .most = 0}, [keep = weak_from_this(), partition](outcome<std::string> text) {
    auto self = keep.lock();
    auto status = text ? cluster::status_of(*text) : outcome<partition_status>(std::unexpected(text.error()));
    if (!self || !status) return;
    const std::scoped_lock lock(self->told_mutex_);
    self->told_[partition].status = std::move(*status);
    self->told_[partition].at = std::chrono::steady_clock::now();
  });
  return known;
}

/// Of another node's operator. What is not served here is said so, and asked elsewhere.
void cluster_node::serve_question(const cluster::frame& asked) {
  auto wish = events::from_canonical_json<question>(asked.body);
  if (!wish) return refuse_malformed(asked, wish.error());
  const bool served = owns(wish->partition);
  auto done = [self = shared_from_this(), to = asked.from, number = asked.number, partition = wish->partition, served](outcome<std::string> result) {
    cluster::reply_to_request reply;
    reply.elsewhere = is_elsewhere(result, served && self->owns(partition));
    if (result) {
      reply.body = std::move(*result);
    } else {
      reply.failed = static_cast<std::uint8_t>(result.error().code);
      reply.message = result.error().message;
    }
    self->answer(to, number, reply);
  };
  answer_question(*wish, std::move(done));
}

void cluster_node::answer_question(const question& wish, std::function<void(outcome<std::string>)> done) {
  const auto as_text = [done](auto found) {
    if (!found) done(std::unexpected(found.error()));
    else done(cluster::text_of(*found));
  };
  if (wish.what == "effects") return local_->effects(wish.partition, static_cast<std::size_t>(wish.most), as_text);
  if (wish.what == "stand" && wish.entity) return local_->stand(*wish.entity, as_text);
  if (wish.what == "retry")
    return local_->retry_effect(wish.partition, wish.effect, [done](outcome<void> tried) {
      if (!tried) done(std::unexpected(tried.error()));
      else done(std::string());
    });
  if (wish.what == "status")
    for (const auto& each : local_->status())
      if (each.partition == wish.partition && each.serving) return done(cluster::text_of(each));
  done(fail(failure_code::unavailable, "this node does not serve that"));
}

} // namespace reverie::actors::runtime
