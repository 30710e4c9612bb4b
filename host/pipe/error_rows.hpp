// SPDX-License-Identifier: Apache-2.0
// Builds the rows of one block of the error table: a struct array of error_schema().
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <cphost/arrow.hpp>

#include "host/pipe/record_batch.hpp"

namespace cphost::host {

/// One refused record with all that is known of it. Views are valid for the call only.
struct ErrorRow {
  int64_t ts_us = 0;  ///< UTC, microseconds since 1970.
  std::string_view pipe;
  std::string_view host;
  const Rejection* why = nullptr;
  std::string_view hint;
  std::string_view plugin;
  std::string_view stream;
  std::string_view position;
  std::string_view topic;
  int64_t partition = -1;     ///< -1: none.
  int64_t offset = -1;        ///< -1: none.
  int64_t record_ts_ms = -1;  ///< -1: none.
  bool has_key = false;
  std::string_view key;
  std::vector<std::pair<std::string_view, std::string_view>> headers;
  std::string_view raw;  ///< Already cut to the limit.
  int64_t raw_size = 0;  ///< Of the whole record, bytes.
};

class ErrorRows {
 public:
  void add(const ErrorRow& row);
  int64_t count() const { return count_; }
  int64_t bytes() const { return bytes_; }

  /// Gives the rows away and begins anew.
  UniqueArray finish();

 private:
  struct Column {
    std::vector<uint8_t> values;   // fixed width
    std::vector<int32_t> offsets;  // bytes and maps; one more than rows
    std::vector<uint8_t> data;
    std::vector<uint8_t> valid;  // bitmap; only of nullable columns
    int64_t length = 0;
  };
  struct Arrays;

  Column& at(size_t i);
  template <class T>
  void fixed(size_t column, T value);
  template <class T>
  void nullable(size_t column, bool present, T value);
  void text(size_t column, std::string_view value);
  void nullable_text(size_t column, bool present, std::string_view value);
  void mark(Column& column, bool valid);

  std::vector<Column> columns_;
  Column header_keys_, header_values_;
  int64_t count_ = 0;
  int64_t bytes_ = 0;
};

}  // namespace cphost::host
