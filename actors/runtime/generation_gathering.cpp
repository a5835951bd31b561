#include "actors/domain/user/state.hpp"
#include "actors/runtime/entity_core.hpp"
#include "actors/runtime/generation_actor.hpp"

namespace reverie::actors::runtime {

using events::entity_address;
using events::entity_kind;
using events::failure;
using events::failure_code;

namespace {

constexpr std::size_t context_tokens_without_model = 4096;

prompt_gathered part_of(events::message_id reply, std::uint32_t gathering, std::function<void(generation_inputs&)> part) {
  return {reply, gathering, std::make_shared<const std::function<void(generation_inputs&)>>(std::move(part)), nullptr};
}
prompt_gathered failed_part(events::message_id reply, std::uint32_t gathering, failure why) {
  return {reply, gathering, nullptr, std::make_shared<const failure>(std::move(why))};
}

} // namespace

/// Takes what is needed out of a state, on its entity's thread. An entity that never was gives its empty state.
template <class State>
void generation_actor::look_at(generation& one, const entity_address& entity,
                               std::function<std::function<void(generation_inputs&)>(const State&)> take) {
  ++one.parts_missing;
  auto self = caf::actor_cast<generation_handle>(this);
  services_->visit(entity, [self, reply = one.wanted.reply, gathering = one.gathering, kind = entity.entity.kind,
                            take = std::move(take)](events::outcome<const entity_core*> core) {
    if (!core) {
      caf::anon_send(self, failed_part(reply, gathering, core.error()));
      return;
    }
    const auto* state = static_cast<const State*>((*core)->logic().state_of(events::base_of(kind)));
    caf::anon_send(self, part_of(reply, gathering, take(*state)));
  });
}

/// The session first: it says which character and which turns.
void generation_actor::gather(generation& one) {
  one.at = stage::gathering;
  one.inputs = {};
  one.parts_missing = 0;
  one.gathering = ++last_number_;
  const auto context_tokens = services_->ports.model ? services_->ports.model->describe().context_tokens : context_tokens_without_model;
  auto self = caf::actor_cast<generation_handle>(this);
  ++one.parts_missing;
  services_->visit(one.effect.owner, [self, wanted = one.wanted, gathering = one.gathering,
                                      context_tokens](events::outcome<const entity_core*> core) {
    if (!core) {
      caf::anon_send(self, failed_part(wanted.reply, gathering, core.error()));
      return;
    }
    auto inputs = std::make_shared<generation_inputs>();
    inputs->take_session(*static_cast<const session::state*>((*core)->logic().state_of(entity_kind::session)), wanted, context_tokens);
    caf::anon_send(self, part_of(wanted.reply, gathering, [inputs](generation_inputs& into) { into = std::move(*inputs); }));
  });
}

/// Then, at the same time: bond, character, person, texts that the session does not keep, and what is recalled.
void generation_actor::gather_rest(generation& one) {
  const auto& wanted = one.wanted;
  const bool fork = events::is_fork(one.effect.owner.entity.kind);
  const entity_address bond_of_person{{entity_kind::bond, events::bond_of(wanted.user, wanted.character).value}, wanted.user.value};
  const entity_address bond_of_fork{{entity_kind::forked_bond, events::forked_bond_of(wanted.session).value}, wanted.user.value};
  look_at<bond::state>(one, bond_of_person, [fork](const bond::state& now) {
    generation_inputs part;
    if (fork) part.take_origin_bond(now);
    else part.take_bond(now);
    return [fork, taken = std::move(part.prompt)](generation_inputs& inputs) {
      if (!fork) inputs.prompt.bond = taken.bond;
      inputs.bar(taken.barred, taken.forgotten);
    };
  });
  if (fork)
    look_at<bond::state>(one, bond_of_fork, [](const bond::state& now) {
      generation_inputs part;
      part.take_forked_bond(now);
      return [taken = std::move(part)](generation_inputs& inputs) {
        inputs.prompt.bond = taken.prompt.bond;
        inputs.fork_facts = taken.fork_facts;
        inputs.bar(taken.prompt.barred, taken.prompt.forgotten);
      };
    });
  look_at<character::state>(one, {{entity_kind::character, wanted.character.value}, wanted.character.value},
                            [version = one.inputs.card_version](const character::state& now) {
                              generation_inputs part;
                              part.card_version = version;
                              part.take_character(now);
                              return [card = std::move(part.prompt.card)](generation_inputs& inputs) { inputs.prompt.card = card; };
                            });
  look_at<user::state>(one, {{entity_kind::user, wanted.user.value}, wanted.user.value},
                       [](const user::state& now) {
                         return [name = now.display_name](generation_inputs& inputs) { inputs.prompt.user_name = name; };
                       });
  auto self = caf::actor_cast<generation_handle>(this);
  if (auto missing = one.inputs.missing_texts(); !missing.empty()) {
    ++one.parts_missing;
    services_->read_texts(one.effect.owner, std::move(missing),
                           [self, reply = wanted.reply, gathering = one.gathering](events::outcome<std::vector<said_text>> found) {
                             if (!found) {
                               caf::anon_send(self, failed_part(reply, gathering, found.error()));
                               return;
                             }
                             caf::anon_send(self, part_of(reply, gathering, [found = std::move(*found)](generation_inputs& inputs) {
                                              for (const auto& each : found) inputs.take_text(each);
                                            }));
                           });
  }
  ask_memory(one);
}

/// Recall blocks, so a worker asks. When it can't be asked the prompt goes without, and its manifest says so.
void generation_actor::ask_memory(generation& one) {
  if (!services_->ports.memories) {
    one.inputs.prompt.recall_note = "recall is not configured";
    return;
  }
  ++one.parts_missing;
  auto self = caf::actor_cast<generation_handle>(this);
  services_->work([self, services = services_, query = one.inputs.query_for(one.wanted), reply = one.wanted.reply,
                   gathering = one.gathering] {
    auto found = services->ports.memories->find(query);
    caf::anon_send(self, part_of(reply, gathering, [found = std::move(found)](generation_inputs& inputs) {
                     if (found) inputs.prompt.recalled = *found;
                     else inputs.prompt.recall_note = "recall unavailable: " + std::string{events::name_of(found.error().code)};
                   }));
  }, [self, reply = one.wanted.reply, gathering = one.gathering](const failure& why) {
    caf::anon_send(self, part_of(reply, gathering, [code = why.code](generation_inputs& inputs) {
                     inputs.prompt.recall_note = "recall unavailable: " + std::string{events::name_of(code)};
                   }));
  });
}

void generation_actor::take_part(const prompt_gathered& message) {
  auto found = replies_.find(message.reply);
  if (found == replies_.end()) return;
  auto& one = found->second;
  if (one.at != stage::gathering || one.gathering != message.gathering) return;
  if (message.failed) {
    one.gathering = ++last_number_;
    return try_again_or_fail(one, *message.failed);
  }
  const bool session_part = one.inputs.turns.empty() && !one.inputs.under_way;
  (*message.part)(one.inputs);
  --one.parts_missing;
  if (session_part) {
    if (!one.inputs.under_way) { // ended meanwhile, or a newer attempt is on its way: nothing to do here
      services_->hub->end_reply(one.wanted.session, one.wanted.reply, one.wanted.attempt);
      drop(message.reply);
      return start_next();
    }
    gather_rest(one);
  }
  if (one.parts_missing == 0) ask_model(one);
}

} // namespace reverie::actors::runtime
