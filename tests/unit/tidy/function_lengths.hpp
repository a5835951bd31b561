#pragma once

#include <string>
#include <vector>

namespace reverie::tests {

/// A function body in a C++ source and how many lines it takes.
struct function_length {
  std::size_t first_line;
  std::size_t lines;
};

/// Finds the outermost function bodies by their braces: not a parser of C++, but enough to find what is too long. Bodies of namespaces,
/// classes, enums and initialisers do not count.
std::vector<function_length> function_lengths(const std::string& source);

} // namespace reverie::tests
