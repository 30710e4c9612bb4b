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
    int64_t day = 0;  ///< Of the last run that had the stream; days since 1970.
  };
  struct Update {
    std::string_view stream;
    std::string_view position;
    std::string_view note;
  };

  /// Opens (or begins) `dir`/`pipe`.journal. Throws std::runtime_error with what to do: the folder
  /// can't be made, another process holds it, the file can't be read or is damaged (it is never
  /// guessed). Forgets streams that no run had for kForgetDays before the last run that committed:
  /// files that were rotated away.
  Journal(const std::string& dir, const std::string& pipe, int64_t today = days_since_1970());
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  /// What is kept for a stream that this run has, by its name; empty when nothing is.
  Entry find(std::string_view stream);

  /// Makes the updates durable before it returns. Throws std::runtime_error: then they are not, or
  /// not for certain, and the next commit has to bring them again.
  void commit(std::span<const Update> updates);

  /// All that is kept, by name.
  using Entries = std::map<std::string, Entry, std::less<>>;
  Entries entries();

  /// Forgets a stream, so that it is read from its start; durable before it returns. Throws as
  /// commit does.
  void forget(std::string_view stream);

  static constexpr int64_t kForgetDays = 90;

 private:
  static int64_t days_since_1970();

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
  void forget_old();
  void write(const Entries& entries) const;

  const int64_t today_;
  const std::string path_;
  const FileLock lock_;
  std::mutex mutex_;
  Entries entries_;
};

}  // namespace cphost::host
