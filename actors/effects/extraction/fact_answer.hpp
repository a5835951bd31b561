#pragma once

#include "actors/effects/fact_extractor.hpp"

#include <string_view>
#include <vector>

/// What a model answered about one message.
namespace reverie::actors {

inline constexpr std::size_t extraction_answer_bytes = 256 * 1024;
inline constexpr std::size_t extracted_subject_bytes = 80;
inline constexpr std::size_t extracted_value_bytes = 200;
inline constexpr std::size_t extracted_sentence_bytes = 400;

/// Reads the facts a model named, all or nothing: `malformed` for anything but exactly the object that fact_question_json asks for, for an
/// attribute, change or day that is none, a text that is empty or over its length, or a quote that does not stand in the message (so
/// nothing comes from earlier turns, from recalled text, or from nowhere). The failure's text holds nothing of what was said. How many
/// facts a turn may teach is the bond's own rule. Pure.
events::outcome<std::vector<bond::extracted_fact>> read_fact_answer(std::string_view answer, const extraction_request& request);

/// The text of the answer of a chat endpoint that does not stream. `malformed` when there is none, or when it was cut short.
events::outcome<std::string> answer_text_of(std::string_view body);

} // namespace reverie::actors
