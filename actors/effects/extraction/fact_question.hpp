#pragma once

#include "actors/effects/fact_extractor.hpp"

#include <string>

/// What a model is asked about one message.
namespace reverie::actors {

inline constexpr std::uint32_t extraction_answer_tokens = 2'048;

/// Recorded with each fact. Rises whenever the question below could be answered otherwise.
inline constexpr std::uint32_t fact_question_version = 1;

/// The JSON body of a request to an OpenAI-compatible chat endpoint: temperature 0, not streamed, the answer bound to a JSON schema with
/// the closed vocabulary of fact_rules.hpp. What people and characters said stands in it as JSON strings, as data. Pure.
std::string fact_question_json(const extraction_request& request, const std::string& model);

} // namespace reverie::actors
