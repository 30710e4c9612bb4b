// SPDX-License-Identifier: Apache-2.0
// Which column of the target is filled from what: the target's schema with the pipe's [columns]
// laid over it. Metadata columns come from the record batch as they are, all others from the
// format. Constant once made; one a worker, made anew when the target changes.
//
//     records schema + target schema + [columns] --> wanted --> format.open --> format schema -->
//     columns schema --> sink.open
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <cphost/arrow.hpp>

#include "host/config/pipe_config.hpp"

namespace cphost::host {

/// What does not fit; the text names the column and what to do.
class BindingError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

class Binding {
 public:
  /// `target` is null when the sink takes any rows. `records` and `target` outlive the binding.
  /// Throws BindingError.
  Binding(const PipeConfig& config, const ArrowSchema& records, const ArrowSchema* target);

  bool has_format() const { return has_format_; }
  const ArrowSchema& records_schema() const { return records_; }

  /// Index of `_value` in the records, for format.open.
  uint32_t value_column() const { return static_cast<uint32_t>(value_column_); }
  int position_column() const { return position_column_; }
  bool position_is_integer() const { return position_is_integer_; }

  /// The columns that the format is asked for, or null: whatever it likes.
  const ArrowSchema* wanted() const { return wanted_ ? wanted_.get() : nullptr; }

  /// Takes the schema that format.open gave and completes the binding; without a format call it
  /// with an empty one. Throws BindingError when a column comes twice.
  void complete(UniqueSchema format_schema);

  const ArrowSchema& format_schema() const { return *format_schema_.get(); }

  /// The column of the target that the source's column fills, or "".
  std::string column_filled_from(std::string_view record_column) const;

  /// Record columns that go to the sink, behind the format's.
  const std::vector<int>& record_columns() const { return record_columns_; }

  /// The columns of every block.
  const ArrowSchema& columns_schema() const { return *columns_.get(); }

 private:
  struct Source {  // of one target column
    std::string path;
    int record_column = -1;  // -1: from the format
  };
  void find_position();
  Source source_of(std::string_view column, const ColumnMapping* mapping) const;
  void check_mappings(const ArrowSchema& target) const;
  void lay_out(const ArrowSchema& target);

  const PipeConfig& config_;
  const ArrowSchema& records_;
  bool has_format_;
  int value_column_ = -1;
  int position_column_ = -1;
  bool position_is_integer_ = true;
  UniqueSchema wanted_;
  UniqueSchema format_schema_;
  UniqueSchema columns_;
  std::vector<int> record_columns_;
  std::vector<std::string> record_column_names_;  // in the target
};

}  // namespace cphost::host
