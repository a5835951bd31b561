#include "actors/runtime/cluster_node.hpp"

#include "actors/runtime/entity_core.hpp"
#include "events/codec/fields_json.hpp"

/// What a node does for others. Frames come one at a time; nothing here blocks.
namespace reverie::actors::runtime {

using cluster::frame;
using cluster::frame_kind;
using cluster::reply_to_request;
using events::outcome;

bool cluster_node::send(const std::string& to, frame_kind kind, std::uint64_t number, const std::string& body) {
  return network_->send(to, events::to_canonical_json(frame{how_.self, number, static_cast<std::uint8_t>(kind), body}));
}

void cluster_node::answer(const std::string& to, std::uint64_t number, const reply_to_request& reply) {
  send(to, frame_kind::answer, number, events::to_canonical_json(reply)); // one that does not arrive is asked for again
}

void cluster_node::take_frame(const std::string& text) {
  if (stopped_) return;
  auto read = events::from_canonical_json<frame>(text);
  if (!read) {
    services().log(severity::warning, "another node said what can't be read: " + read.error().message);
    return;
  }
  note_alive(read->from);
  serve(*read);
}

void cluster_node::serve(const frame& asked) {
  switch (static_cast<frame_kind>(asked.kind)) {
  case frame_kind::command: return serve_command(asked);
  case frame_kind::stop: return serve_stop(asked);
  case frame_kind::history: return serve_history(asked);
  case frame_kind::inspect: return serve_inspect(asked);
  case frame_kind::state: return serve_state(asked);
  case frame_kind::ask: return serve_question(asked);
  case frame_kind::hear: return take_hear(asked);
  case frame_kind::reply:
  case frame_kind::piece: return take_reply(asked);
  case frame_kind::answer: break;
  case frame_kind::alive: return;
  default: return; // of a newer build: who asked asks again, or gives up
  }
  if (auto reply = events::from_canonical_json<reply_to_request>(asked.body)) desk_->answered(asked.number, *reply);
}

void cluster_node::refuse_malformed(const frame& asked, const events::failure& why) {
  services().log(severity::warning, "a request of " + asked.from + " can't be read: " + why.message);
  reply_to_request reply;
  reply.failed = static_cast<std::uint8_t>(why.code);
  reply.message = why.message;
  answer(asked.from, asked.number, reply);
}

answer_callback cluster_node::answering(const frame& asked, const events::uuid& slice_key) {
  const auto partition = services().partition_of(slice_key);
  const bool served = partition && owns(*partition);
  return [self = shared_from_this(), to = asked.from, number = asked.number, partition, served](command_outcome result) {
    reply_to_request reply;
    reply.elsewhere = is_elsewhere(result, served && self->owns(*partition));
    if (result) {
      reply.body = cluster::to_text(*result);
    } else {
      reply.refused = static_cast<std::uint8_t>(result.error().code);
      reply.message = result.error().message;
      reply.param = result.error().param;
      reply.retry_after_ms = result.error().retry_after_ms;
    }
    self->answer(to, number, reply);
  };
}

std::function<void(outcome<std::string>)> cluster_node::answering_read(const frame& asked, const events::uuid& slice_key) {
  const auto partition = services().partition_of(slice_key);
  const bool served = partition && owns(*partition);
  return [self = shared_from_this(), to = asked.from, number = asked.number, partition, served](outcome<std::string> result) {
    reply_to_request reply;
    reply.elsewhere = is_elsewhere(result, served && self->owns(*partition));
    if (result) {
      reply.body = std::move(*result);
    } else {
      reply.failed = static_cast<std::uint8_t>(result.error().code);
      reply.message = result.error().message;
    }
    self->answer(to, number, reply);
  };
}

void cluster_node::serve_command(const frame& asked) {
  auto envelope = cluster::envelope_of(asked.body);
  if (!envelope) return refuse_malformed(asked, envelope.error());
  auto done = answering(asked, envelope->target.slice_key);
  local_->submit(std::move(*envelope), std::move(done));
}

void cluster_node::serve_stop(const frame& asked) {
  auto wish = events::from_canonical_json<cluster::stop_wish>(asked.body);
  if (!wish) return refuse_malformed(asked, wish.error());
  local_->stop_reply(wish->session, wish->caller, answering(asked, wish->caller.value));
}

void cluster_node::serve_history(const frame& asked) {
  auto wish = events::from_canonical_json<cluster::history_wish>(asked.body);
  if (!wish) return refuse_malformed(asked, wish.error());
  const auto partition = services().partition_of(wish->entity.slice_key);
  if (!partition || !has_read(*partition, {wish->at_least})) {
    reply_to_request later; // it is asked again in a moment
    later.elsewhere = true;
    return answer(asked.from, asked.number, later);
  }
  auto done = answering_read(asked, wish->entity.slice_key);
  const auto most = std::min<std::uint64_t>(wish->updates_max, events::limits::history_page_updates);
  std::optional<events::entity_position> after;
  if (wish->after) after = {*wish->after, {wish->after_sequence}};
  local_->read_history(wish->entity, after, most, [done = std::move(done)](outcome<std::vector<shared_update>> found) {
    if (!found) done(std::unexpected(std::move(found.error())));
    else done(cluster::to_text(*found));
  });
}

void cluster_node::serve_inspect(const frame& asked) {
  auto wish = events::from_canonical_json<cluster::entity_wish>(asked.body);
  if (!wish) return refuse_malformed(asked, wish.error());
  local_->inspect(wish->entity, [done = answering_read(asked, wish->entity.slice_key)](outcome<owned_state> found) {
    if (!found) done(std::unexpected(std::move(found.error())));
    else done(cluster::to_text(*found));
  });
}

void cluster_node::serve_state(const frame& asked) {
  auto wish = events::from_canonical_json<cluster::entity_wish>(asked.body);
  if (!wish) return refuse_malformed(asked, wish.error());
  auto done = answering_read(asked, wish->entity.slice_key);
  services().visit_here(wish->entity, [keys = ports_.keys, done = std::move(done)](outcome<const entity_core*> core) {
    if (!core) return done(std::unexpected(core.error()));
    auto blob = (*core)->copy(*keys, key_access::memory_only);
    if (!blob) return done(std::unexpected(blob.error()));
    done(cluster::to_text(*blob));
  });
}

} // namespace reverie::actors::runtime
