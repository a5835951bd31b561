#pragma once

#include "ops/model_server/chat_request.hpp"
#include "ops/model_server/llama_handles.hpp"

namespace reverie::model_server {

/// The chain that chooses a token: penalties, then what cuts the unlikely ones off, then the draw.
sampler_handle make_sampler(const sampling& how, const llama_vocab* vocab);

} // namespace reverie::model_server
