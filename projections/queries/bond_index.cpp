#include "projections/queries/bond_index.hpp"

#include "events/model/limits.hpp"

#include <algorithm>

namespace reverie::projections {

bond_index::bond_index(std::int64_t generation, std::int64_t next_ordinal, std::vector<indexed_document> documents,
                       std::array<std::vector<std::string>, 2> names, std::unordered_map<events::uuid, std::uint32_t> conversations)
    : generation_(generation), next_ordinal_(next_ordinal), names_(std::move(names)), conversations_(std::move(conversations)) {
  std::ranges::sort(documents, [](const indexed_document& a, const indexed_document& b) {
    return std::tuple(a.document.kind, a.document.conversation, a.document.order, a.ordinal) <
           std::tuple(b.document.kind, b.document.conversation, b.document.order, b.ordinal);
  });
  by_ordinal_.assign(static_cast<std::size_t>(next_ordinal), absent);
  documents_.reserve(documents.size());
  ordinals_.reserve(documents.size());
  for (auto& each : documents) {
    if (each.ordinal < by_ordinal_.size()) by_ordinal_[each.ordinal] = static_cast<std::uint32_t>(documents_.size());
    each.document.length += static_cast<std::uint32_t>(names_[each.document.speaker].size());
    documents_.push_back(each.document);
    ordinals_.push_back(each.ordinal);
  }
  average_window_ = average_window_length(documents_, ranking_options{});
}

std::vector<indexed_document> bond_index::stored() const {
  std::vector<indexed_document> all;
  all.reserve(documents_.size());
  for (std::size_t i = 0; i < documents_.size(); ++i) {
    all.push_back({documents_[i], ordinals_[i]});
    all.back().document.length -= static_cast<std::uint32_t>(names_[documents_[i].speaker].size());
  }
  return all;
}

std::uint32_t bond_index::document_of(std::int64_t ordinal) const {
  return ordinal >= 0 && static_cast<std::size_t>(ordinal) < by_ordinal_.size() ? by_ordinal_[static_cast<std::size_t>(ordinal)] : absent;
}

std::vector<term_occurrence> bond_index::occurrences(const std::string& term,
                                                     std::span<const std::pair<std::int64_t, std::uint32_t>> postings) const {
  std::array<std::uint32_t, 2> in_name{};
  for (std::size_t i = 0; i < names_.size(); ++i) in_name[i] = static_cast<std::uint32_t>(std::ranges::count(names_[i], term));
  std::vector<term_occurrence> found;
  if (in_name[0] == 0 && in_name[1] == 0) {
    found.reserve(postings.size());
    for (const auto& [ordinal, frequency] : postings)
      if (const auto document = document_of(ordinal); document != absent) found.push_back({document, frequency});
    std::ranges::sort(found, {}, &term_occurrence::document);
    return found;
  }
  std::vector<std::uint32_t> frequencies(documents_.size());
  for (std::size_t i = 0; i < documents_.size(); ++i) frequencies[i] = in_name[documents_[i].speaker];
  for (const auto& [ordinal, frequency] : postings)
    if (const auto document = document_of(ordinal); document != absent) frequencies[document] += frequency;
  for (std::uint32_t i = 0; i < frequencies.size(); ++i)
    if (frequencies[i] > 0) found.push_back({i, frequencies[i]});
  return found;
}

std::shared_ptr<const bond_index> bond_index_cache::find(const events::uuid& bond) {
  const std::scoped_lock lock(mutex_);
  const auto at = places_.find(bond);
  if (at == places_.end()) return nullptr;
  used_.splice(used_.begin(), used_, at->second);
  return at->second->second;
}

void bond_index_cache::put(const events::uuid& bond, std::shared_ptr<const bond_index> index) {
  const std::scoped_lock lock(mutex_);
  if (const auto at = places_.find(bond); at != places_.end()) {
    documents_ -= at->second->second->documents().size();
    used_.erase(at->second);
    places_.erase(at);
  }
  documents_ += index->documents().size();
  used_.emplace_front(bond, std::move(index));
  places_[bond] = used_.begin();
  while (documents_ > events::limits::recall_cached_documents && used_.size() > 1) {
    documents_ -= used_.back().second->documents().size();
    places_.erase(used_.back().first);
    used_.pop_back();
  }
}

} // namespace reverie::projections
