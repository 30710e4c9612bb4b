// SPDX-License-Identifier: Apache-2.0
#include "source.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>

#include <cphost/memory.h>
#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <system_error>
#include <utility>

#include "file_list.hpp"

namespace file {
namespace {

// The order of the columns.
enum Column : size_t { kValue, kFile, kOffset };

// Memory of delivered batches that is kept for later ones.
constexpr size_t kPoolBytes = size_t{32} << 20;

size_t pool_bytes(const cphost::Env& env) {
  const auto* memory = env.extension<cphost_memory>(CPHOST_MEMORY_EXTENSION);
  return memory ? std::min(kPoolBytes, static_cast<size_t>(memory->bytes / 2)) : kPoolBytes;
}

[[noreturn]] void refuse(const char* code, const std::string& text) {
  throw cphost::Error(cphost::config, code, text);
}

int64_t parse_position(std::string_view position) {
  int64_t offset = -1;
  const auto [end, error] =
      std::from_chars(position.data(), position.data() + position.size(), offset);
  if (error != std::errc() || end != position.data() + position.size() || offset < 0) {
    throw cphost::Error(cphost::fatal, "POSITION",
                        "\"" + std::string(position) +
                            "\" is no position in a file: an offset in decimal digits is wanted");
  }
  return offset;
}

}  // namespace

const std::vector<std::string>& Reader::Shared::files() {
  const std::lock_guard lock(mutex_);
  if (files_.empty()) files_ = list_files(options.path);
  return files_;
}

// Standard input brings other bytes each time.
cphost::Schema Reader::Shared::records_schema() const {
  cphost::Field offset{"_offset", "l", {{std::string(cphost::kRole), "position"}}, {}, false};
  if (std::count(options.path.begin(), options.path.end(), kStandardInput) > 0)
    offset.set("cphost.repeatable", "0");
  return cphost::Schema{{"_value", "z"}, {"_file", "z", {}, {}, false}, std::move(offset)};
}

Reader::Reader(Shared& shared, cphost::Env env)
    : options_(shared.options),
      batch_(shared.records_schema(), pool_bytes(env)),
      interrupts_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  if (!interrupts_) throw std::system_error(errno, std::generic_category(), "eventfd");
  const auto& files = shared.files();
  const size_t step = std::max<uint32_t>(env.workers(), 1);
  for (size_t i = env.worker(); i < files.size(); i += step) {
    Stream& stream = streams_.emplace_back();
    stream.id = i + 1;
    stream.name = files[i];
  }
}

cphost::Status Reader::poll(const cphost::Limits& limits, cphost::Events& out) {
  if (take_interrupt()) return cphost::again;
  if (tell_streams(out)) return cphost::ok;
  for (int round = 0; round < 2; ++round) {
    bool is_done = true;
    for (Stream& stream : streams_) {
      is_done = is_done && stream.state == State::kEnded;
      if (stream.state != State::kReading || stream.paused) continue;
      if (read(stream, limits, out)) return cphost::ok;
    }
    if (is_done) return cphost::done;
    if (round == 0 && !wait(limits.timeout_ms)) break;
  }
  return cphost::again;
}

bool Reader::tell_streams(cphost::Events& out) {
  if (std::exchange(is_told_, true)) return false;
  for (const Stream& stream : streams_) out.assigned(stream.id, stream.name);
  return !streams_.empty();
}

void Reader::seek(uint64_t id, std::string_view after) {
  Stream* const stream = find(id);
  if (!stream || stream->state != State::kAssigned) return;
  stream->next = after.empty() ? 0 : parse_position(after) + 1;
  stream->state = State::kReading;
}

void Reader::release(uint64_t id) {
  std::erase_if(streams_, [id](const Stream& stream) { return stream.id == id; });
}

void Reader::pause(uint64_t id, bool on) {
  if (Stream* const stream = find(id)) stream->paused = on;
}

void Reader::interrupt() {
  eventfd_write(interrupts_.get(), 1);
}

bool Reader::take_interrupt() {
  eventfd_t count = 0;
  return eventfd_read(interrupts_.get(), &count) == 0;
}

Reader::Stream* Reader::find(uint64_t id) {
  const auto found = std::find_if(streams_.begin(), streams_.end(),
                                  [id](const Stream& stream) { return stream.id == id; });
  return found == streams_.end() ? nullptr : &*found;
}

// Up to one batch. True if something was told.
bool Reader::read(Stream& stream, const cphost::Limits& limits, cphost::Events& out) {
  if (!stream.lines) open(stream);
  uint64_t bytes = 0;
  LineReader::Line line;
  while (batch_.rows() < limits.records && bytes < limits.bytes) {
    const auto result = next_line(stream, line);
    if (!result) break;
    if (result == LineReader::Result::kLine) {
      append(stream, line);
      bytes += line.size;
      continue;
    }
    const bool any = !batch_.empty();
    if (result == LineReader::Result::kWait && !any) return false;
    flush(stream, out);
    if (result == LineReader::Result::kTooLong) {
      out.reject(stream.id, std::to_string(line.position), "LINE_TOO_LONG",
                 "a line of " + std::to_string(line.size) + " bytes; at most max_line = " +
                     std::to_string(options_.max_line.value) + " are read",
                 line.text, line.size);
    } else if (result == LineReader::Result::kEnd) {
      stream.state = State::kEnded;
      stream.lines.reset();
      stream.descriptor.reset();
      out.ended(stream.id);
    }
    return true;
  }
  flush(stream, out);
  return true;
}

// Nothing when reading fails behind lines that are not delivered yet: it fails again in the next
// poll, after them.
std::optional<LineReader::Result> Reader::next_line(Stream& stream, LineReader::Line& line) {
  try {
    return stream.lines->next(line);
  } catch (const std::system_error& error) {
    if (!batch_.empty()) return std::nullopt;
    throw cphost::Error(cphost::retry, "FILE_READ",
                        "can't read " + stream.name + ": " + error.what());
  }
}

void Reader::append(const Stream& stream, const LineReader::Line& line) {
  std::string_view text = line.text;
  if (options_.strip_cr && text.ends_with('\r')) text.remove_suffix(1);
  batch_[kValue].append(text.data(), text.size());
  batch_[kFile].append(stream.name.data(), stream.name.size());
  batch_[kOffset].push(line.position);
}

void Reader::flush(const Stream& stream, cphost::Events& out) {
  out.records(stream.id, batch_);
}

void Reader::open(Stream& stream) {
  const auto max_line = static_cast<size_t>(options_.max_line.value);
  if (stream.name == kStandardInput) {
    // Every run brings new bytes; their offsets go on where the last run ended, so that positions
    // keep their order.
    stream.lines.emplace(STDIN_FILENO, stream.next, max_line);
    return;
  }
  // A named pipe without a writer must not hold up the worker.
  stream.descriptor =
      Descriptor(::open(stream.name.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  struct stat status {};
  if (!stream.descriptor || fstat(stream.descriptor.get(), &status) != 0) {
    refuse("FILE_OPEN", "can't read " + stream.name + ": " + std::strerror(errno));
  }
  if (S_ISREG(status.st_mode) && status.st_size < stream.next) {
    refuse("FILE_TRUNCATED",
           stream.name + " has " + std::to_string(status.st_size) + " bytes, but " +
               std::to_string(stream.next) +
               " were read before: it was truncated or replaced. Rename it, or reset "
               "the pipe's positions, to read it from its beginning");
  }
  if (stream.next > 0 && lseek(stream.descriptor.get(), stream.next, SEEK_SET) < 0) {
    refuse("FILE_OPEN", "can't go on in " + stream.name + " at byte " +
                            std::to_string(stream.next) + ": " + std::strerror(errno));
  }
  stream.lines.emplace(stream.descriptor.get(), stream.next, max_line);
}

// For more of what may come later: pipes, and standard input. False when it is time to return.
bool Reader::wait(uint32_t timeout_ms) {
  std::vector<pollfd> waits{{interrupts_.get(), POLLIN, 0}};
  for (const Stream& stream : streams_) {
    if (stream.state != State::kReading || stream.paused || !stream.lines) continue;
    const int number = stream.descriptor ? stream.descriptor.get() : STDIN_FILENO;
    waits.push_back({number, POLLIN, 0});
  }
  const int ready = ::poll(waits.data(), waits.size(), static_cast<int>(timeout_ms));
  return ready > 0 && waits[0].revents == 0;
}

}  // namespace file
