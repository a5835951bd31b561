#include "projections/postgres/copy_writer.hpp"

#include <bit>
#include <cstdint>

namespace reverie::projections {
namespace {

constexpr std::string_view header{"PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19};
constexpr std::uint32_t text_type = 25;                        // oid of text, for arrays
constexpr std::int64_t postgres_epoch_ms = 946'684'800'000;    // 2000-01-01 UTC

template <class Number>
void put(std::string& out, Number number) {
  for (int shift = static_cast<int>(sizeof number) * 8 - 8; shift >= 0; shift -= 8)
    out += static_cast<char>((static_cast<std::uint64_t>(number) >> shift) & 255);
}

void put_length(std::string& out, std::size_t length) { put(out, static_cast<std::uint32_t>(length)); }

struct cell_writer {
  std::string& out;

  void operator()(std::monostate) const { put(out, std::uint32_t{0xFFFFFFFF}); }
  void operator()(bool cell) const {
    put_length(out, 1);
    out += cell ? '\1' : '\0';
  }
  void operator()(std::int64_t cell) const {
    put_length(out, 8);
    put(out, static_cast<std::uint64_t>(cell));
  }
  void operator()(double cell) const {
    put_length(out, 8);
    put(out, std::bit_cast<std::uint64_t>(cell));
  }
  void operator()(const std::string& cell) const {
    put_length(out, cell.size());
    out += cell;
  }
  void operator()(const events::uuid& cell) const {
    put_length(out, cell.bytes.size());
    for (const auto byte : cell.bytes) out += static_cast<char>(byte);
  }
  void operator()(const events::timestamp& cell) const {
    put_length(out, 8);
    put(out, static_cast<std::uint64_t>((events::to_milliseconds(cell) - postgres_epoch_ms) * 1000));
  }
  void operator()(const std::vector<std::string>& cell) const {
    std::string array;
    put(array, std::uint32_t{cell.empty() ? 0U : 1U}); // dimensions
    put(array, std::uint32_t{0});                      // no NULL among them
    put(array, text_type);
    if (!cell.empty()) {
      put_length(array, cell.size());
      put(array, std::uint32_t{1}); // lower bound
    }
    for (const auto& each : cell) {
      put_length(array, each.size());
      array += each;
    }
    put_length(out, array.size());
    out += array;
  }
  void operator()(const json_text& cell) const {
    put_length(out, cell.text.size() + 1);
    out += '\1'; // version of the binary form of jsonb
    out += cell.text;
  }
  void operator()(const bytes_text& cell) const {
    put_length(out, cell.bytes.size());
    out += cell.bytes;
  }
};

} // namespace

copy_writer::copy_writer() : bytes_(header) {}

void copy_writer::add(const row& cells) {
  put(bytes_, static_cast<std::uint16_t>(cells.size()));
  for (const auto& each : cells) std::visit(cell_writer{bytes_}, each);
}

std::string copy_writer::finish() {
  put(bytes_, std::uint16_t{0xFFFF});
  auto done = std::move(bytes_);
  bytes_ = header;
  return done;
}

} // namespace reverie::projections
