#pragma once

#include "actors/effects/chat_model.hpp"
#include "actors/effects/embedder.hpp"
#include "actors/effects/fact_extractor.hpp"
#include "ops/server/job_thread.hpp"
#include "ops/server/model_process.hpp"
#include "ops/server/settings.hpp"

#include <memory>

namespace reverie::ops {

/// The models this server speaks with, as the settings say: an endpoint of the operator's, the local starter models, or none at all.
struct models {
  std::unique_ptr<model_process> process; ///< of the local models; outlives chat and embeddings
  std::unique_ptr<job_thread> scripted;   ///< where the scripted responder speaks, word by word
  std::shared_ptr<actors::chat_model> chat;
  std::shared_ptr<actors::embedder> embeddings;
  std::shared_ptr<actors::embedder> next_embeddings; ///< a second one, whose vectors can be made beside those of the first; may be null
  std::shared_ptr<actors::fact_extractor> facts; ///< null: the rules find facts
};

/// Chooses in this order: model-url / embedding-url; the local model server; the scripted responder / the hashing embedder. A local server
/// that does not come up is logged, and the last choice steps in. Facts are found by the model at model-url unless that is a small one or
/// it is switched off. `malformed` for an address that is none.
/// Without chat only what makes vectors is chosen.
events::outcome<models> choose_models(const settings& given, bool with_chat = true);

} // namespace reverie::ops
