#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace reverie::tests {

/// A file of the project that somebody wrote (not built, fetched or vendored).
struct project_file {
  std::string path; ///< from the repository root, with slashes
  std::string text;

  bool ends_with(std::string_view ending) const { return path.ends_with(ending); }
  bool is_cpp() const { return ends_with(".hpp") || ends_with(".cpp"); }
};

/// All of them, sorted by path; read once.
const std::vector<project_file>& project_files();

std::vector<std::string> lines_of(const std::string& text);

} // namespace reverie::tests
