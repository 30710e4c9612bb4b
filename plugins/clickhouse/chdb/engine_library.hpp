// SPDX-License-Identifier: Apache-2.0
// libchdb's C functions, looked up at run time: the library is 566 MB and no part of this tree.
// Declared from its public header, release 26.7.3.
//
// Loaded once a process and never unloaded: the engine's threads outlive dlclose().
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace chdb {

struct chdb_result;
struct chdb_connection_body;
struct chdb_insert_stream_body;
using ConnectionHandle = chdb_connection_body*;
using InsertHandle = chdb_insert_stream_body*;

struct QueryAnalysis {
  uint32_t struct_size;
  uint32_t statement_count;
  uint32_t flags;
  uint32_t query_class;
};

struct EngineLibrary {
  const char* (*version)();
  void (*set_signal_handlers_enabled)(int);
  ConnectionHandle* (*connect)(int, char**);
  void (*close_conn)(ConnectionHandle*);
  chdb_result* (*query_with_params_n)(ConnectionHandle, const char*, size_t, const char*, size_t,
                                      const char* const*, const size_t*, const char* const*,
                                      const size_t*, size_t);
  chdb_result* (*stream_query_with_params_n)(ConnectionHandle, const char*, size_t, const char*,
                                             size_t, const char* const*, const size_t*,
                                             const char* const*, const size_t*, size_t);
  chdb_result* (*stream_fetch_result)(ConnectionHandle, chdb_result*);
  void (*stream_cancel_query)(ConnectionHandle, chdb_result*);
  InsertHandle (*stream_insert_with_params_n)(ConnectionHandle, const char*, size_t, const char*,
                                              size_t, const char* const*, const size_t*,
                                              const char* const*, const size_t*, size_t);
  int (*stream_append)(InsertHandle, const void*, size_t);
  chdb_result* (*stream_done)(InsertHandle);
  void (*stream_cancel_insert)(InsertHandle);
  const char* (*stream_insert_error)(InsertHandle);
  void (*destroy_insert_stream)(InsertHandle);
  char* (*result_buffer)(chdb_result*);
  size_t (*result_length)(chdb_result*);
  uint64_t (*result_rows_read)(chdb_result*);
  uint64_t (*result_bytes_read)(chdb_result*);
  uint64_t (*result_storage_rows_read)(chdb_result*);
  uint64_t (*result_storage_bytes_read)(chdb_result*);
  uint64_t (*result_rows_written)(chdb_result*);
  uint64_t (*result_bytes_written)(chdb_result*);
  const char* (*result_error)(chdb_result*);
  void (*destroy_query_result)(chdb_result*);
  int (*classify_query_n)(ConnectionHandle, const char*, size_t, const char*, size_t,
                          QueryAnalysis*);
};

/// Where libchdb is: `option` when not empty, else the environment variable CPHOST_LIBCHDB, else
/// the cache folder that scripts/fetch_chdb.sh fills. Throws std::runtime_error when no file is
/// there.
std::string find_engine_library(const std::string& option);

/// Throws std::runtime_error when the file cannot be loaded or is too old.
EngineLibrary load_engine_library(const std::string& path);

}  // namespace chdb
