// SPDX-License-Identifier: Apache-2.0
#include "engine.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "errors.hpp"
#include "log.hpp"

namespace chdb {
namespace {

/// The engine holds a lock on this file while it runs.
bool is_served_by_another(const std::string& path) {
  const int file = open((path + "/status").c_str(), O_RDWR | O_CLOEXEC);
  if (file < 0) return false;
  const bool locked = flock(file, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  close(file);
  return locked;
}

void refuse_served_folder(const std::string& path) {
  if (is_served_by_another(path)) {
    throw FolderInUse(path + " is already served by another process");
  }
}

std::string first_value(const Result& result) {
  const std::string_view text = result.data();
  return std::string(text.substr(0, text.find('\n')));
}

/// Names and values in the form the C interface wants.
class Parameters {
 public:
  explicit Parameters(const std::vector<NameValue>& parameters) {
    for (const NameValue& parameter : parameters) {
      names_.push_back(parameter.first.data());
      name_sizes_.push_back(parameter.first.size());
      values_.push_back(parameter.second.data());
      value_sizes_.push_back(parameter.second.size());
    }
  }

  const char* const* names() const { return names_.data(); }
  const size_t* name_sizes() const { return name_sizes_.data(); }
  const char* const* values() const { return values_.data(); }
  const size_t* value_sizes() const { return value_sizes_.data(); }
  size_t size() const { return names_.size(); }

 private:
  std::vector<const char*> names_;
  std::vector<const char*> values_;
  std::vector<size_t> name_sizes_;
  std::vector<size_t> value_sizes_;
};

}  // namespace

void Counts::operator+=(const Counts& other) {
  read_rows += other.read_rows;
  read_bytes += other.read_bytes;
  written_rows += other.written_rows;
  written_bytes += other.written_bytes;
  result_rows += other.result_rows;
  result_bytes += other.result_bytes;
}

Result::Result(const EngineLibrary& library, chdb_result* result)
    : library_(&library), result_(result, Destroy{&library}) {
  if (result == nullptr) throw Failure(kUnknownException, "The engine gave no result");
  const char* error = library.result_error(result);
  if (error != nullptr) throw Failure::from_engine(error);
}

std::string_view Result::data() const {
  const size_t size = library_->result_length(result_.get());
  return size == 0 ? std::string_view()
                   : std::string_view(library_->result_buffer(result_.get()), size);
}

Counts Result::counts() const {
  Counts counts;
  counts.read_rows = library_->result_storage_rows_read(result_.get());
  counts.read_bytes = library_->result_storage_bytes_read(result_.get());
  counts.written_rows = library_->result_rows_written(result_.get());
  counts.written_bytes = library_->result_bytes_written(result_.get());
  counts.result_rows = library_->result_rows_read(result_.get());
  counts.result_bytes = library_->result_bytes_read(result_.get());
  return counts;
}

InsertStream::InsertStream(const EngineLibrary& library, InsertHandle handle)
    : library_(library), handle_(handle) {}

InsertStream::~InsertStream() {
  if (!finished_) library_.stream_cancel_insert(handle_);
  library_.destroy_insert_stream(handle_);
}

bool InsertStream::append(std::string_view data) {
  return data.empty() || library_.stream_append(handle_, data.data(), data.size()) == 0;
}

Result InsertStream::finish() {
  finished_ = true;
  return Result(library_, library_.stream_done(handle_));
}

SelectStream::SelectStream(const EngineLibrary& library, ConnectionHandle connection,
                           chdb_result* handle)
    : library_(library), connection_(connection), handle_(library, handle), raw_(handle) {}

SelectStream::~SelectStream() {
  if (!ended_) library_.stream_cancel_query(connection_, raw_);
}

Result SelectStream::next() {
  // An error ends the stream too: nothing is left to cancel then.
  ended_ = true;
  Result piece(library_, library_.stream_fetch_result(connection_, raw_));
  ended_ = piece.data().empty();
  return piece;
}

Session::Session(const Engine& engine) : library_(engine.library_), connection_(engine.connect()) {
  if (connection_ == nullptr) {
    throw Failure(kUnknownException, "The engine refused a connection");
  }
}

Session::~Session() {
  library_.close_conn(connection_);
}

uint32_t Session::statement_count(std::string_view sql) const {
  QueryAnalysis analysis{};
  analysis.struct_size = sizeof analysis;
  const int failed =
      library_.classify_query_n(*connection_, sql.data(), sql.size(), nullptr, 0, &analysis);
  return failed != 0 ? 0 : analysis.statement_count;
}

Result Session::query(std::string_view sql, std::string_view format,
                      const std::vector<NameValue>& parameters) {
  const Parameters p(parameters);
  return Result(library_, library_.query_with_params_n(
                              *connection_, sql.data(), sql.size(), format.data(), format.size(),
                              p.names(), p.name_sizes(), p.values(), p.value_sizes(), p.size()));
}

std::unique_ptr<SelectStream> Session::select(std::string_view sql, std::string_view format,
                                              const std::vector<NameValue>& parameters) {
  const Parameters p(parameters);
  return std::make_unique<SelectStream>(
      library_, *connection_,
      library_.stream_query_with_params_n(*connection_, sql.data(), sql.size(), format.data(),
                                          format.size(), p.names(), p.name_sizes(), p.values(),
                                          p.value_sizes(), p.size()));
}

std::unique_ptr<InsertStream> Session::insert(std::string_view sql, std::string_view format,
                                              const std::vector<NameValue>& parameters) {
  const Parameters p(parameters);
  const InsertHandle handle = library_.stream_insert_with_params_n(
      *connection_, sql.data(), sql.size(), format.data(), format.size(), p.names(), p.name_sizes(),
      p.values(), p.value_sizes(), p.size());
  const char* error = library_.stream_insert_error(handle);
  if (error != nullptr) {
    const Failure failure = Failure::from_engine(error);
    library_.destroy_insert_stream(handle);
    throw failure;
  }
  return std::make_unique<InsertStream>(library_, handle);
}

Engine::Engine(const EngineOptions& options) : path_(options.path) {
  // Relative names in queries (file('x.csv')) are found here, and nothing else is: the engine
  // would load a config.xml of the working directory, and take its files for tables.
  const std::string files = options.path + "/user_files";
  std::filesystem::create_directories(files);
  refuse_served_folder(options.path);
  if (chdir(files.c_str()) != 0) {
    throw std::runtime_error("cannot enter " + files + ": " + std::strerror(errno));
  }

  library_ = load_engine_library(options.library);
  library_.set_signal_handlers_enabled(0);
  arguments_ = {"chdb", "--path=" + options.path,
                "--config-file=" + options.path + "/no-configuration-file",
                // A server has no such shorthand: "SELEC 1" is a syntax error there.
                "--implicit_select=0"};
  if (options.server_memory_max > 0) {
    arguments_.push_back("--max_server_memory_usage=" + std::to_string(options.server_memory_max));
  }

  try {
    kept_ = std::make_unique<Session>(*this);
  } catch (const Failure&) {
    refuse_served_folder(options.path);  // The other one started at the same moment.
    throw std::runtime_error("the engine cannot open " + options.path +
                             ": its own message stands above; check the folder's owner and space");
  }
  own_default_database();
  version_ = first_value(kept_->query("SELECT version()", "TSVRaw"));
  time_zone_ = first_value(kept_->query("SELECT serverTimezone()", "TSVRaw"));
}

Engine::~Engine() {
  // Closing the connection alone would drop what tables like Buffer hold in memory. Detached
  // databases are there again at the next start.
  try {
    const Result names = kept_->query(
        "SELECT name FROM system.databases WHERE engine NOT IN ('Memory', 'System') AND name != "
        "'system'",
        "TSV");
    std::string_view rest = names.data();
    while (!rest.empty()) {
      const size_t end = std::min(rest.find('\n'), rest.size());
      const std::string name(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
      kept_->query("DETACH DATABASE `" + name + "`", "TSV");
    }
  } catch (const Failure& failure) {
    log(LogLevel::kWarning, std::string("cannot detach the databases: ").append(failure.text()));
  }
}

ConnectionHandle* Engine::connect() const {
  std::vector<char*> arguments;
  for (const std::string& argument : arguments_) {
    arguments.push_back(const_cast<char*>(argument.c_str()));
  }
  return library_.connect(static_cast<int>(arguments.size()), arguments.data());
}

// The engine lays an Overlay over `default`, in which every file of the working directory is a
// table. Underneath is an Atomic database, which is attached by itself here, with the tables that
// other programs may have made in it. Detaching deletes nothing: DROP would.
void Engine::own_default_database() {
  const auto ask = [&](std::string_view column) {
    const std::string sql(column);
    return first_value(
        kept_->query("SELECT " + sql + " FROM system.databases WHERE name = 'default'", "TSVRaw"));
  };
  if (ask("engine") == "Atomic") return;
  const std::string uuid = ask("uuid");
  if (!uuid.empty()) kept_->query("DETACH DATABASE default", "TSVRaw");
  const bool is_stored = std::filesystem::exists(path_ + "/metadata/default.sql");
  if (is_stored) {
    kept_->query("ATTACH DATABASE default", "TSVRaw");
  } else if (!uuid.empty()) {
    kept_->query("ATTACH DATABASE default UUID '" + uuid + "' ENGINE = Atomic", "TSVRaw");
  } else {
    kept_->query("CREATE DATABASE default ENGINE = Atomic", "TSVRaw");
  }
  if (ask("engine") != "Atomic") {
    throw std::runtime_error("the database 'default' in " + path_ + " is " + ask("engine") +
                             ", not Atomic: serve another folder");
  }
}

void Engine::purge_memory() {
  kept_->query("SYSTEM JEMALLOC PURGE", "TSVRaw");
}

}  // namespace chdb
