// SPDX-License-Identifier: Apache-2.0
// Positions and notes of sources that cannot keep them: one small file a pipe, replaced whole
// (write, fsync, rename), locked against a second process. Shared by a pipe's workers.
#pragma once

#include <map>
#include <mutex>
#include <span>
#include <string>
#include <string_view>

namespace cphost::host {

class Journal {
 public:
  struct Entry {
    std::string position;
    std::string note;
  };
  struct Update {
    std::string_view stream;
    std::string_view position;
    std::string_view note;
  };

  /// Opens (or begins) `dir`/`pipe`.journal. Throws std::runtime_error with what to do: the folder
  /// can't be made, another process holds it, the file can't be read or is damaged (it is never
  /// guessed).
  Journal(const std::string& dir, const std::string& pipe);
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  /// What is kept for a stream, by its name; empty when nothing is.
  Entry find(std::string_view stream) const;

  /// Makes the updates durable before it returns. Throws std::runtime_error; nothing has changed
  /// then.
  void commit(std::span<const Update> updates);

 private:
  using Entries = std::map<std::string, Entry, std::less<>>;

  /// An advisory lock for the life of the journal.
  class FileLock {
   public:
    FileLock(const std::string& path, const std::string& of);
    ~FileLock();
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;

   private:
    int file_ = -1;
  };

  void read();
  void parse(std::string_view text);
  void write(const Entries& entries) const;

  const std::string path_;
  const FileLock lock_;
  mutable std::mutex mutex_;
  Entries entries_;
};

}  // namespace cphost::host
