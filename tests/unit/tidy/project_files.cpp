#include "tests/unit/tidy/project_files.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <sstream>

namespace reverie::tests {

namespace {

namespace fs = std::filesystem;

bool is_made_or_fetched(const fs::path& folder) {
  static constexpr std::array names{".git", "build", ".reverie", "node_modules", "dist", "test-results", "playwright-report"};
  return std::ranges::find(names, folder.filename().string()) != names.end();
}

bool is_text(const fs::path& file) {
  static constexpr std::array endings{".png", ".gguf", ".ico", ".woff2", ".jsa"};
  return std::ranges::find(endings, file.extension().string()) == endings.end() && file.filename() != "package-lock.json";
}

std::vector<project_file> read_all() {
  fs::path root = REVERIE_SOURCE_DIR;
  std::vector<project_file> files;
  for (auto it = fs::recursive_directory_iterator(root); it != fs::recursive_directory_iterator(); ++it) {
    if (it->is_directory() && is_made_or_fetched(it->path())) it.disable_recursion_pending();
    if (!it->is_regular_file() || it->is_symlink() || !is_text(it->path())) continue;
    std::ifstream in(it->path(), std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(in), {}};
    files.push_back({fs::relative(it->path(), root).generic_string(), std::move(text)});
  }
  std::ranges::sort(files, {}, &project_file::path);
  return files;
}

} // namespace

const std::vector<project_file>& project_files() {
  static const auto files = read_all();
  return files;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(std::move(line));
  return lines;
}

} // namespace reverie::tests
