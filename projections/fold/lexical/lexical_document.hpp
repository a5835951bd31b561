#pragma once

#include "events/model/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace reverie::projections {

/// How often a term stands in one document.
struct posting {
  std::string term;
  std::uint32_t frequency = 0;

  friend bool operator==(const posting&, const posting&) = default;
};

/// What the index keeps of one document: its postings, sorted by the bytes of the term, and its length in
/// terms.
struct document_postings {
  std::vector<posting> postings;
  std::uint32_t length = 0;

  friend bool operator==(const document_postings&, const document_postings&) = default;
};

/// A date as a person writes it, which is how it is asked for: `8 May 2023` (UTC).
std::string written_date(events::timestamp at);

/// The document of one turn: the speaker's name, the date written out, the text.
std::string turn_document(std::string_view speaker_name, events::timestamp said_at, std::string_view text);

/// The document of an extracted fact: who said it, when it was said and holds from, the fact as a sentence.
std::string fact_document(std::string_view speaker_name, events::timestamp recorded_at,
                          std::optional<events::timestamp> valid_from, std::string_view sentence);

/// Counts the terms of a document (`events::terms_of`). Pure, so the fold of a message and a rebuild agree.
document_postings postings_of(std::string_view document);

} // namespace reverie::projections
