#include "projections/fold/title.hpp"

#include "events/model/text_terms.hpp"

#include <algorithm>

namespace reverie::projections {

std::string title_of(std::string_view content) {
  std::string line;
  std::size_t characters = 0, last_space = std::string::npos;
  while (!content.empty()) {
    const auto bytes = std::min(std::max<std::size_t>(events::character_bytes(content), 1), content.size());
    const auto one = content.substr(0, bytes);
    content.remove_prefix(bytes);
    const bool space = one.size() == 1 && static_cast<unsigned char>(one[0]) <= ' ';
    if (space && (line.empty() || line.back() == ' ')) continue;
    if (characters == title_characters) {
      if (content.empty() && space) break;
      if (last_space != std::string::npos && last_space * 2 > line.size()) line.resize(last_space);
      return line + "…";
    }
    if (space) last_space = line.size();
    line.append(space ? std::string_view(" ") : one);
    ++characters;
  }
  if (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

} // namespace reverie::projections
