// SPDX-License-Identifier: Apache-2.0
#include "line_reader.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace file {
namespace {

constexpr size_t kReadBytes = size_t{1} << 20;
constexpr size_t kHeadBytes = size_t{64} << 10;

}  // namespace

LineReader::LineReader(int descriptor, int64_t offset, size_t max_line)
    : descriptor_(descriptor),
      max_line_(max_line),
      capacity_(max_line + kReadBytes),
      buffer_(new char[capacity_]),
      offset_(offset) {}

LineReader::Result LineReader::next(Line& line) {
  while (true) {
    const char* const feed =
        scanned_ == end_
            ? nullptr
            : static_cast<const char*>(std::memchr(&buffer_[scanned_], '\n', end_ - scanned_));
    if (feed) {
      return finish_line(static_cast<size_t>(feed - &buffer_[begin_]), 1, line);
    }
    scanned_ = end_;
    if (end_ - begin_ > max_line_ || is_long_) begin_long_line();
    switch (fill()) {
      case Fill::kSome:
        break;
      case Fill::kWait:
        return Result::kWait;
      case Fill::kEnd:
        if (end_ == begin_ && !is_long_) return Result::kEnd;
        return finish_line(end_ - begin_, 0, line);
    }
  }
}

// `feed`: whether a line feed ends it.
LineReader::Result LineReader::finish_line(size_t size, size_t feed, Line& line) {
  line.text = {&buffer_[begin_], size};
  line.size = size;
  const bool is_long = is_long_ || size > max_line_;
  if (is_long_) {
    // Its beginning has left the buffer.
    line.size += long_size_;
    long_head_.append(line.text.substr(0, kHeadBytes - long_head_.size()));
    line.text = long_head_;
    is_long_ = false;
  } else if (is_long) {
    line.text = line.text.substr(0, kHeadBytes);
  }
  begin_ += size + feed;
  scanned_ = begin_;
  offset_ += static_cast<int64_t>(size + feed);
  line.position = offset_ - 1;
  return is_long ? Result::kTooLong : Result::kLine;
}

// Keeps the head of a line that is too long, and forgets what else there is of it.
void LineReader::begin_long_line() {
  const size_t size = end_ - begin_;
  if (!is_long_) {
    is_long_ = true;
    long_size_ = 0;
    long_head_.clear();
  }
  long_head_.append(&buffer_[begin_], std::min(size, kHeadBytes - long_head_.size()));
  long_size_ += size;
  offset_ += static_cast<int64_t>(size);
  begin_ = scanned_ = end_;
}

LineReader::Fill LineReader::fill() {
  if (begin_ > 0) {
    std::memmove(&buffer_[0], &buffer_[begin_], end_ - begin_);
    scanned_ -= begin_;
    end_ -= begin_;
    begin_ = 0;
  }
  while (true) {
    // A pipe or a terminal may have nothing yet, and its descriptor is shared, so it must not be
    // made non-blocking.
    pollfd ready{descriptor_, POLLIN, 0};
    if (poll(&ready, 1, 0) == 0) return Fill::kWait;
    const ssize_t count = read(descriptor_, &buffer_[end_], std::min(kReadBytes, capacity_ - end_));
    if (count > 0) {
      end_ += static_cast<size_t>(count);
      return Fill::kSome;
    }
    if (count == 0) return Fill::kEnd;
    if (errno == EAGAIN || errno == EWOULDBLOCK) return Fill::kWait;  // another reader was faster
    if (errno != EINTR) throw std::system_error(errno, std::generic_category());
  }
}

}  // namespace file
