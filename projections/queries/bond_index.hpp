#pragma once

#include "projections/queries/retrieval/ranking.hpp"

#include "events/model/ids.hpp"

#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

namespace reverie::projections {

/// A visible document of a bond as the database has it: its stored length knows no speaker's name.
struct indexed_document {
  ranked_document document; ///< speaker 0 is the user, 1 the character
  std::uint32_t ordinal = 0;
};

/// All documents of one bond that may be seen, ready for the ranking: immutable, shared by queries, made anew when the bond's generation
/// changes and grown at the end otherwise.
class bond_index {
public:
  static constexpr std::uint32_t absent = UINT32_MAX;

  /// `names` are the terms of the speakers' names: user, character. They are part of each turn's document.
  bond_index(std::int64_t generation, std::int64_t next_ordinal, std::vector<indexed_document> documents,
             std::array<std::vector<std::string>, 2> names, std::unordered_map<events::uuid, std::uint32_t> conversations);

  std::int64_t generation() const { return generation_; }
  std::int64_t next_ordinal() const { return next_ordinal_; }
  const std::array<std::vector<std::string>, 2>& names() const { return names_; }
  /// Number of each conversation, for adding to them.
  const std::unordered_map<events::uuid, std::uint32_t>& conversations() const { return conversations_; }
  /// Documents as they came, names not counted.
  std::vector<indexed_document> stored() const;

  std::span<const ranked_document> documents() const { return documents_; }
  double average_window() const { return average_window_; }
  std::uint32_t ordinal_of(std::uint32_t document) const { return ordinals_[document]; }
  /// The document with an ordinal, or `absent` when it may not be seen.
  std::uint32_t document_of(std::int64_t ordinal) const;

  /// Occurrences of a term, from its postings (ordinal, frequency) and the speakers' names.
  std::vector<term_occurrence> occurrences(const std::string& term, std::span<const std::pair<std::int64_t, std::uint32_t>> postings) const;

private:
  std::int64_t generation_, next_ordinal_;
  std::array<std::vector<std::string>, 2> names_;
  std::unordered_map<events::uuid, std::uint32_t> conversations_;
  std::vector<ranked_document> documents_; ///< turns before facts, then conversation, then order; lengths with names
  std::vector<std::uint32_t> ordinals_, by_ordinal_;
  double average_window_ = 0;
};

/// The indexes used last, up to limits::recall_cached_documents documents. Thread-safe.
class bond_index_cache {
public:
  std::shared_ptr<const bond_index> find(const events::uuid& bond);
  void put(const events::uuid& bond, std::shared_ptr<const bond_index> index);

private:
  using entry = std::pair<events::uuid, std::shared_ptr<const bond_index>>;
  std::mutex mutex_;
  std::list<entry> used_; ///< latest first
  std::unordered_map<events::uuid, std::list<entry>::iterator> places_;
  std::size_t documents_ = 0;
};

} // namespace reverie::projections
