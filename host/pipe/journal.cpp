// SPDX-License-Identifier: Apache-2.0
#include "host/pipe/journal.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <stdexcept>

#include "host/pipe/crc32c.hpp"

namespace cphost::host {
namespace {

// The file: "cphost-journal 2 COUNT\n", then for each stream "<n> <p> <m> <day>\n" and name,
// position, note of these sizes, each followed by a line feed, then "end <crc32c of all before, in
// hex>\n". Sizes instead of escapes: names may hold any byte.
constexpr std::string_view kMagic = "cphost-journal 2 ";

std::string end_line(std::string_view text) {
  return "end " + hex8(crc32c(text)) + "\n";
}

[[noreturn]] void fail(const std::string& what, const std::string& path) {
  throw std::runtime_error(what + " " + path + ": " + std::strerror(errno));
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool skip(std::string_view expected) {
    if (!text_.starts_with(expected)) return false;
    text_.remove_prefix(expected.size());
    return true;
  }
  bool number(size_t& value, char end) {
    const auto [at, error] = std::from_chars(text_.data(), text_.data() + text_.size(), value);
    if (error != std::errc() || at == text_.data() + text_.size() || *at != end) return false;
    text_.remove_prefix(static_cast<size_t>(at - text_.data()) + 1);
    return true;
  }
  bool bytes(std::string& value, size_t size) {
    if (text_.size() <= size || text_[size] != '\n') return false;
    value = text_.substr(0, size);
    text_.remove_prefix(size + 1);
    return true;
  }
  std::string_view rest() const { return text_; }

 private:
  std::string_view text_;
};

// So that a rename in it survives a power cut. EINVAL is of file systems that have no such call.
void sync_folder(const std::string& dir) {
  const int folder = ::open(dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) fail("can't make the journal durable in", dir);
  const bool synced = ::fsync(folder) == 0 || errno == EINVAL;
  const int error = errno;
  ::close(folder);
  errno = error;
  if (!synced) fail("can't make the journal durable in", dir);
}

// The folder, which exists from then on.
std::string made_folder(const std::string& dir) {
  std::error_code error;
  std::filesystem::create_directories(dir, error);
  if (!error) return dir;
  throw std::runtime_error("the state folder " + dir + " can't be made: " + error.message() +
                           "; choose another with --state");
}

}  // namespace

Journal::FileLock::FileLock(const std::string& path, const std::string& of)
    : file_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
  if (file_ < 0) fail("can't open", path);
  if (::flock(file_, LOCK_EX | LOCK_NB) == 0) return;
  ::close(file_);
  throw std::runtime_error(
      "the journal " + of +
      " is in use by another cphost; give the pipe another name or stop that one");
}

Journal::FileLock::~FileLock() {
  ::close(file_);
}

int64_t Journal::days_since_1970() {
  using Days = std::chrono::duration<int64_t, std::ratio<86'400>>;
  return std::chrono::duration_cast<Days>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

Journal::Journal(const std::string& dir, const std::string& pipe, int64_t today)
    : today_(today),
      path_(made_folder(dir) + "/" + pipe + ".journal"),
      lock_(path_ + ".lock", path_) {
  read();
}

void Journal::read() {
  const int file = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0 && errno == ENOENT) return;  // the first run
  if (file < 0) fail("can't read the journal", path_);
  std::string text;
  char buffer[1 << 16];
  ssize_t n = 0;
  do {
    n = ::read(file, buffer, sizeof buffer);
    if (n > 0) text.append(buffer, static_cast<size_t>(n));
  } while (n > 0 || (n < 0 && errno == EINTR));
  const int error = errno;
  ::close(file);
  errno = error;
  if (n < 0) fail("can't read the journal", path_);
  parse(text);
}

void Journal::parse(std::string_view text) {
  Reader reader(text);
  size_t count = 0;
  bool good = reader.skip(kMagic) && reader.number(count, '\n');
  for (size_t i = 0; good && i < count; ++i) {
    size_t name_size = 0, position_size = 0, note_size = 0, day = 0;
    std::string name;
    Entry entry;
    good = reader.number(name_size, ' ') && reader.number(position_size, ' ') &&
           reader.number(note_size, ' ') && reader.number(day, '\n') &&
           reader.bytes(name, name_size) && reader.bytes(entry.position, position_size) &&
           reader.bytes(entry.note, note_size);
    entry.day = static_cast<int64_t>(day);
    if (good) entries_[std::move(name)] = std::move(entry);
  }
  const size_t size = text.size() - reader.rest().size();
  if (!good || reader.rest() != end_line(text.substr(0, size))) {
    throw std::runtime_error(
        "the journal " + path_ +
        " is damaged; restore it, or remove it to read the source from its start again");
  }
  forget_old();
}

// A pipe that did not run for a year must not forget all: so what counts is the last commit.
void Journal::forget_old() {
  int64_t last = 0;
  for (const auto& [name, entry] : entries_) last = std::max(last, entry.day);
  std::erase_if(entries_, [&](const auto& item) { return item.second.day < last - kForgetDays; });
}

Journal::Entry Journal::find(std::string_view stream) {
  std::lock_guard lock(mutex_);
  const auto it = entries_.find(stream);
  if (it == entries_.end()) return {};
  it->second.day = today_;  // durable with the next commit
  return it->second;
}

void Journal::commit(std::span<const Update> updates) {
  std::lock_guard lock(mutex_);
  auto next = entries_;
  for (const Update& update : updates) {
    next[std::string(update.stream)] = {std::string(update.position), std::string(update.note),
                                        today_};
  }
  write(next);
  entries_ = std::move(next);
}

Journal::Entries Journal::entries() {
  std::lock_guard lock(mutex_);
  return entries_;
}

void Journal::forget(std::string_view stream) {
  std::lock_guard lock(mutex_);
  auto next = entries_;
  next.erase(std::string(stream));
  write(next);
  entries_ = std::move(next);
}

void Journal::write(const Entries& entries) const {
  std::string text(kMagic);
  text += std::to_string(entries.size()) + "\n";
  for (const auto& [name, entry] : entries) {
    text += std::to_string(name.size()) + " " + std::to_string(entry.position.size()) + " " +
            std::to_string(entry.note.size()) + " " + std::to_string(entry.day) + "\n";
    text += name + "\n" + entry.position + "\n" + entry.note + "\n";
  }
  text += end_line(text);

  const std::string next = path_ + ".next";
  const int file = ::open(next.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) fail("can't write the journal", next);
  size_t written = 0;
  bool good = true;
  while (good && written < text.size()) {
    const ssize_t n = ::write(file, text.data() + written, text.size() - written);
    good = n >= 0 || errno == EINTR;
    if (n > 0) written += static_cast<size_t>(n);
  }
  good = good && ::fsync(file) == 0;
  const int error = errno;
  const bool closed = ::close(file) == 0;
  if (!good) errno = error;
  if (!good || !closed) fail("can't write the journal", next);
  if (::rename(next.c_str(), path_.c_str()) != 0) fail("can't replace the journal", path_);
  sync_folder(std::filesystem::path(path_).parent_path());
}

}  // namespace cphost::host
