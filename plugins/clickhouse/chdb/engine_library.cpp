// SPDX-License-Identifier: Apache-2.0
#include "engine_library.hpp"

#include <dlfcn.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>

namespace chdb {
namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

std::string cached_library() {
  std::string cache = environment("CPHOST_CACHE");
  if (cache.empty()) {
    const std::string xdg = environment("XDG_CACHE_HOME");
    cache = (xdg.empty() ? environment("HOME") + "/.cache" : xdg) + "/cphost";
  }
  return cache + "/chdb-26.7.3/libchdb.so";
}

class SymbolLoader {
 public:
  SymbolLoader(void* library, const std::string& path) : library_(library), path_(path) {}

  template <class Function>
  void operator()(const char* name, Function& function) const {
    void* symbol = dlsym(library_, name);
    if (symbol == nullptr) {
      throw std::runtime_error(path_ + " has no function " + name +
                               ": it is older than 26.7; fetch the pinned engine with "
                               "scripts/fetch_chdb.sh");
    }
    function = reinterpret_cast<Function>(symbol);
  }

 private:
  void* library_;
  const std::string& path_;
};

}  // namespace

std::string find_engine_library(const std::string& option) {
  std::string path = option;
  std::string origin = "--libchdb";
  if (path.empty()) {
    path = environment("CPHOST_LIBCHDB");
    origin = "CPHOST_LIBCHDB";
  }
  if (path.empty()) {
    path = cached_library();
    origin = "the cache folder";
  }
  if (access(path.c_str(), R_OK) != 0) {
    throw std::runtime_error("no readable libchdb at " + path + " (from " + origin +
                             "): fetch it with scripts/fetch_chdb.sh, or name it with --libchdb "
                             "or CPHOST_LIBCHDB");
  }
  return path;
}

EngineLibrary load_engine_library(const std::string& path) {
#if defined(__x86_64__)
  if (!__builtin_cpu_supports("avx2")) {
    throw std::runtime_error("this processor has no AVX2, which libchdb needs");
  }
#endif
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr)
    throw std::runtime_error(std::string("cannot load libchdb: ") + dlerror());

  EngineLibrary engine{};
  const SymbolLoader load(library, path);
  load("chdb_version", engine.version);
  load("chdb_set_signal_handlers_enabled", engine.set_signal_handlers_enabled);
  load("chdb_connect", engine.connect);
  load("chdb_close_conn", engine.close_conn);
  load("chdb_query_with_params_n", engine.query_with_params_n);
  load("chdb_stream_query_with_params_n", engine.stream_query_with_params_n);
  load("chdb_stream_fetch_result", engine.stream_fetch_result);
  load("chdb_stream_cancel_query", engine.stream_cancel_query);
  load("chdb_stream_insert_with_params_n", engine.stream_insert_with_params_n);
  load("chdb_stream_append", engine.stream_append);
  load("chdb_stream_done", engine.stream_done);
  load("chdb_stream_cancel_insert", engine.stream_cancel_insert);
  load("chdb_stream_insert_error", engine.stream_insert_error);
  load("chdb_destroy_insert_stream", engine.destroy_insert_stream);
  load("chdb_result_buffer", engine.result_buffer);
  load("chdb_result_length", engine.result_length);
  load("chdb_result_rows_read", engine.result_rows_read);
  load("chdb_result_bytes_read", engine.result_bytes_read);
  load("chdb_result_storage_rows_read", engine.result_storage_rows_read);
  load("chdb_result_storage_bytes_read", engine.result_storage_bytes_read);
  load("chdb_result_rows_written", engine.result_rows_written);
  load("chdb_result_bytes_written", engine.result_bytes_written);
  load("chdb_result_error", engine.result_error);
  load("chdb_destroy_query_result", engine.destroy_query_result);
  load("chdb_classify_query_n", engine.classify_query_n);
  return engine;
}

}  // namespace chdb
