#include "actors/domain/recall_marker.hpp"

namespace reverie::actors {

std::vector<bond::text_span> recalled_spans(std::string_view text) {
  std::vector<bond::text_span> spans;
  for (auto begin = text.find(recall_begin); begin != std::string_view::npos; begin = text.find(recall_begin, begin)) {
    const auto end = text.find(recall_end, begin);
    const auto after = end == std::string_view::npos ? text.size() : end + recall_end.size();
    spans.push_back({begin, after});
    begin = after;
  }
  return spans;
}

} // namespace reverie::actors
