#include "tests/unit/tidy/function_lengths.hpp"

#include <cctype>

namespace reverie::tests {

namespace {

/// The source with comments, strings and characters blanked out, line breaks kept.
std::string blanked(const std::string& source) {
  std::string out = source;
  auto blank = [&](std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to && i < out.size(); ++i)
      if (out[i] != '\n') out[i] = ' ';
  };
  for (std::size_t i = 0; i < source.size();) {
    std::size_t end = i + 1;
    if (source.compare(i, 2, "//") == 0) {
      end = std::min(source.find('\n', i), source.size());
    } else if (source.compare(i, 2, "/*") == 0) {
      end = std::min(source.find("*/", i + 2), source.size() - 2) + 2;
    } else if (source.compare(i, 2, "R\"") == 0) {
      auto open = source.find('(', i);
      end = source.find(")" + source.substr(i + 2, open - i - 2) + "\"", open);
      end = end == std::string::npos ? source.size() : end + (open - i);
    } else if (source[i] == '"' || (source[i] == '\'' && (i == 0 || !std::isalnum(static_cast<unsigned char>(source[i - 1]))))) {
      for (; end < source.size() && source[end] != source[i]; ++end)
        if (source[end] == '\\') ++end;
      ++end;
    } else {
      i = end;
      continue;
    }
    blank(i, end);
    i = end;
  }
  return out;
}

bool opens_function(const std::string& before) {
  auto has_word = [&](const std::string& word) {
    for (auto at = before.find(word); at != std::string::npos; at = before.find(word, at + 1))
      if (!std::isalnum(static_cast<unsigned char>(before[at + word.size()])) &&
          (at == 0 || !(std::isalnum(static_cast<unsigned char>(before[at - 1])) || before[at - 1] == '_')))
        return true;
    return false;
  };
  auto parenthesis = before.find(')');
  if (parenthesis == std::string::npos || has_word("namespace ")) return false;
  for (auto container : {"struct ", "class ", "enum ", "union "}) {
    auto at = before.find(container);
    if (at != std::string::npos && before.find('(') > before.find(container) && before.rfind("template", at) == std::string::npos &&
        before.find(" final", at) != std::string::npos)
      return false;
  }
  auto equals = before.rfind('=');
  return equals == std::string::npos || equals < parenthesis;
}

} // namespace

std::vector<function_length> function_lengths(const std::string& source) {
  std::string text = blanked(source);
  std::vector<function_length> found;
  std::vector<bool> inside_function;
  std::size_t line = 1, start_line = 0, functions_open = 0;
  std::string before;
  for (char c : text) {
    if (c == '\n') ++line;
    if (c == '{') {
      bool function = functions_open > 0 || opens_function(before + " ");
      if (function && functions_open++ == 0) start_line = line;
      inside_function.push_back(function);
      before.clear();
    } else if (c == '}') {
      if (!inside_function.empty()) {
        if (inside_function.back() && --functions_open == 0) found.push_back({start_line, line - start_line + 1});
        inside_function.pop_back();
      }
      before.clear();
    } else if (c == ';') {
      before.clear();
    } else {
      before.push_back(c);
    }
  }
  return found;
}

} // namespace reverie::tests
