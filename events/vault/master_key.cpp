#include "events/vault/master_key.hpp"

#include "events/codec/json_text.hpp"
#include "events/vault/sealed_box.hpp"
#include "events/vault/sodium_ready.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

namespace reverie::events {

namespace {

/// Closes a file descriptor at the end of a scope.
class open_file {
public:
  explicit open_file(int descriptor) : descriptor_(descriptor) {}
  ~open_file() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  open_file(const open_file&) = delete;
  open_file& operator=(const open_file&) = delete;
  int get() const { return descriptor_; }

private:
  int descriptor_;
};

std::unexpected<failure> system_failure(std::string_view doing, const std::filesystem::path& file) {
  auto code = errno == ENOSPC ? failure_code::no_space : failure_code::unavailable;
  return fail(code, std::string(doing) + " " + file.string() + ": " + std::strerror(errno));
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' ')) text.remove_suffix(1);
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  return text;
}

std::string wrapping_context(std::string_view person) { return "data-key/" + std::string(person); }

outcome<std::string> read_secret(const std::filesystem::path& file) {
  open_file opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (opened.get() < 0) return system_failure("can't read", file);
  struct stat facts {};
  if (::fstat(opened.get(), &facts) != 0) return system_failure("can't look at", file);
  if ((facts.st_mode & 077) != 0) {
    return fail(failure_code::unavailable, file.string() + " can be read by others: set its mode to 0600");
  }
  std::string text(256, '\0');
  auto got = ::read(opened.get(), text.data(), text.size());
  if (got < 0) return system_failure("can't read", file);
  text.resize(static_cast<std::size_t>(got));
  return text;
}

outcome<void> sync_folder(const std::filesystem::path& folder) {
  open_file opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened.get() < 0 || ::fsync(opened.get()) != 0) return system_failure("can't sync", folder);
  return {};
}

/// Writes beside and links into place, so that neither a crash leaves half a key nor two starts make two.
outcome<void> create_secret(const std::filesystem::path& file, std::string_view text) {
  auto beside = file;
  beside += "." + std::to_string(::getpid());
  ::unlink(beside.c_str());
  {
    open_file opened(::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (opened.get() < 0) return system_failure("can't make", beside);
    if (::write(opened.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()) || ::fsync(opened.get()) != 0) {
      auto failed = system_failure("can't write", beside);
      ::unlink(beside.c_str());
      return failed;
    }
  }
  int error = ::link(beside.c_str(), file.c_str());
  bool taken = error != 0 && errno == EEXIST;
  auto failed = system_failure("can't make", file);
  ::unlink(beside.c_str());
  if (error != 0 && !taken) return failed;
  return sync_folder(file.parent_path().empty() ? "." : file.parent_path());
}

} // namespace

outcome<master_key> master_key::parse(std::string_view text) {
  text = trimmed(text);
  std::array<std::uint8_t, 32> bytes{};
  std::string lower(text);
  for (char& c : lower) c = c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
  if (read_hex(lower, bytes)) return master_key(bytes);
  while (!text.empty() && text.back() == '=') text.remove_suffix(1);
  auto decoded = sealed_box::from_base64(text);
  if (!decoded || decoded->size() != bytes.size()) {
    return fail(failure_code::malformed, "a master key is 32 bytes as hex (64 characters) or base64 (43 or 44)");
  }
  std::memcpy(bytes.data(), decoded->data(), bytes.size());
  return master_key(bytes);
}

outcome<master_key> master_key::load_or_create(const std::filesystem::path& file) {
  sodium_ready();
  std::error_code missing;
  if (!std::filesystem::exists(file, missing)) {
    std::array<std::uint8_t, 32> fresh;
    randombytes_buf(fresh.data(), fresh.size());
    std::string text;
    append_hex(text, fresh);
    text += '\n';
    if (auto made = create_secret(file, text); !made) return std::unexpected(std::move(made.error()));
  }
  auto text = read_secret(file);
  if (!text) return std::unexpected(std::move(text.error()));
  return parse(*text);
}

std::array<std::uint8_t, 32> master_key::derive(std::string_view purpose) const {
  sodium_ready();
  std::array<std::uint8_t, 32> derived;
  crypto_generichash(derived.data(), derived.size(), reinterpret_cast<const unsigned char*>(purpose.data()), purpose.size(),
                     bytes_.data(), bytes_.size());
  return derived;
}

std::string master_key::wrap(std::string_view person, const std::array<std::uint8_t, 32>& key) const {
  auto wrapping = derive("wrap data keys");
  std::string_view plain(reinterpret_cast<const char*>(key.data()), key.size());
  return sealed_box::to_base64(sealed_box::make(wrapping, wrapping_context(person), plain));
}

outcome<std::array<std::uint8_t, 32>> master_key::unwrap(std::string_view person, std::string_view wrapped) const {
  auto sealed = sealed_box::from_base64(wrapped);
  if (!sealed) return fail(failure_code::corrupted, "a wrapped data key is not base64");
  auto plain = sealed_box::open(derive("wrap data keys"), wrapping_context(person), *sealed);
  std::array<std::uint8_t, 32> key;
  if (!plain || plain->size() != key.size()) {
    return fail(failure_code::corrupted, "a data key was not wrapped by this master key for this person");
  }
  std::memcpy(key.data(), plain->data(), key.size());
  sodium_memzero(plain->data(), plain->size());
  return key;
}

} // namespace reverie::events
