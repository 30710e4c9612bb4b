// SPDX-License-Identifier: Apache-2.0
// The embedded engine: one Engine a process, which serves one folder; a Session a request.
//
// Order of calls: Engine once, before any other thread starts; then Session, and on it queries or
// at most one InsertStream or SelectStream at a time. An Engine may be used by any thread, a
// Session and what it gives by one thread at a time. Streams must end before their Session, and
// all Sessions before the Engine.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine_library.hpp"

namespace chdb {

/// The folder is served by another process.
class FolderInUse : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

using NameValue = std::pair<std::string, std::string>;

/// Counts of a result, as X-ClickHouse-Summary tells them.
struct Counts {
  uint64_t read_rows = 0;
  uint64_t read_bytes = 0;
  uint64_t written_rows = 0;
  uint64_t written_bytes = 0;
  uint64_t result_rows = 0;
  uint64_t result_bytes = 0;

  void operator+=(const Counts& other);
};

/// A result, or a piece of one.
class Result {
 public:
  /// Throws Failure when `result` is an error.
  Result(const EngineLibrary& library, chdb_result* result);

  std::string_view data() const;
  Counts counts() const;

 private:
  struct Destroy {
    const EngineLibrary* library;
    void operator()(chdb_result* result) const { library->destroy_query_result(result); }
  };
  const EngineLibrary* library_;
  std::unique_ptr<chdb_result, Destroy> result_;
};

/// An INSERT that is being fed. Nothing of it may be taken for stored unless finish() returned.
class InsertStream {
 public:
  InsertStream(const EngineLibrary& library, InsertHandle handle);
  InsertStream(const InsertStream&) = delete;
  InsertStream& operator=(const InsertStream&) = delete;
  /// Without finish() it cancels.
  ~InsertStream();

  /// False when the engine wants no more: finish() then says why. Blocks while it is busy.
  bool append(std::string_view data);
  /// Throws Failure when the INSERT failed.
  Result finish();

 private:
  const EngineLibrary& library_;
  InsertHandle handle_;
  bool finished_ = false;
};

/// A query whose result comes piece by piece; dropping it early cancels the query.
class SelectStream {
 public:
  SelectStream(const EngineLibrary& library, ConnectionHandle connection, chdb_result* handle);
  SelectStream(const SelectStream&) = delete;
  SelectStream& operator=(const SelectStream&) = delete;
  ~SelectStream();

  /// The next piece; one without data is the end. Throws Failure.
  Result next();

 private:
  const EngineLibrary& library_;
  ConnectionHandle connection_;
  Result handle_;
  chdb_result* raw_;
  bool ended_ = false;
};

class Engine;

class Session {
 public:
  explicit Session(const Engine& engine);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session();

  /// How many statements `sql` holds; 0 when it does not parse.
  uint32_t statement_count(std::string_view sql) const;
  Result query(std::string_view sql, std::string_view format,
               const std::vector<NameValue>& parameters = {});
  std::unique_ptr<SelectStream> select(std::string_view sql, std::string_view format,
                                       const std::vector<NameValue>& parameters);
  std::unique_ptr<InsertStream> insert(std::string_view sql, std::string_view format,
                                       const std::vector<NameValue>& parameters);

 private:
  const EngineLibrary& library_;
  ConnectionHandle* connection_;
};

struct EngineOptions {
  std::string path;                ///< Absolute; created when missing.
  std::string library;             ///< Of find_engine_library().
  uint64_t server_memory_max = 0;  ///< Bytes; 0 leaves the engine's own limit.
};

class Engine {
 public:
  /// Starts the engine and makes `default` an ordinary Atomic database. Changes the working
  /// directory. Throws FolderInUse, or std::runtime_error.
  explicit Engine(const EngineOptions& options);
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
  /// Detaches the databases, which writes out what their tables hold in memory.
  ~Engine();

  const std::string& version() const { return version_; }
  const std::string& time_zone() const { return time_zone_; }
  /// Gives memory that big requests left behind back to the system.
  void purge_memory();

 private:
  friend class Session;
  ConnectionHandle* connect() const;
  void own_default_database();

  const std::string path_;
  EngineLibrary library_;
  std::vector<std::string> arguments_;
  std::unique_ptr<Session> kept_;  ///< The engine stops when its last connection closes.
  std::string version_;
  std::string time_zone_;
};

}  // namespace chdb
