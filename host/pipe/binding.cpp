// SPDX-License-Identifier: Apache-2.0
#include "host/pipe/binding.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include <cphost/schema.hpp>

#include "host/config/nearest_name.hpp"

namespace cphost::host {
namespace {

std::vector<std::string> names_of(const ArrowSchema& schema) {
  std::vector<std::string> names;
  for (int64_t i = 0; i < schema.n_children; ++i) names.emplace_back(name_of(*schema.children[i]));
  return names;
}

std::string at(const Location& where) {
  return where.file + ":" + std::to_string(where.line) + ": ";
}

// The path of a field at the top: in paths dots descend.
std::string literal_path(std::string_view name) {
  std::string path;
  for (const char c : name) {
    if (c == '.' || c == '\\') path += '\\';
    path += c;
  }
  return path;
}

}  // namespace

Binding::Binding(const PipeConfig& config, const ArrowSchema& records, const ArrowSchema* target)
    : config_(config),
      records_(records),
      has_format_(config.format.has_value()),
      value_column_(find(records, "_value")) {
  find_position();
  if (target) {
    check_mappings(*target);
    lay_out(*target);
    return;
  }
  // A sink that takes any rows gets all that there is, under its own name.
  for (int64_t i = 0; i < records.n_children; ++i) {
    if (i == value_column_ && has_format_) continue;
    record_columns_.push_back(static_cast<int>(i));
    record_column_names_.emplace_back(records.children[i]->name);
  }
}

void Binding::find_position() {
  for (int64_t i = 0; i < records_.n_children; ++i) {
    if (metadata(*records_.children[i], kRole) != "position") continue;
    const std::string_view format = records_.children[i]->format;
    if (format != "l" && format != "z") break;
    position_column_ = static_cast<int>(i);
    position_is_integer_ = format == "l";
    return;
  }
  throw BindingError("the source has no column with the role 'position' (int64 or binary)");
}

void Binding::check_mappings(const ArrowSchema& target) const {
  for (const ColumnMapping& mapping : config_.columns) {
    if (find(target, mapping.column) < 0) {
      throw BindingError(at(mapping.where) + "the target has no column '" + mapping.column + "'" +
                         did_you_mean(mapping.column, names_of(target)));
    }
    if (!has_format_ && find(records_, mapping.path) < 0) {
      throw BindingError(at(mapping.where) + "the source has no column '" + mapping.path + "'" +
                         did_you_mean(mapping.path, names_of(records_)));
    }
  }
}

// Metadata wins over a field of the same name; without a mapping a column takes what has its own
// name, dots and all: "n.a" of a Nested is the field "n.a".
Binding::Source Binding::source_of(std::string_view column, const ColumnMapping* mapping) const {
  const std::string name = mapping ? mapping->path : std::string(column);
  Source source;
  source.path = mapping ? name : literal_path(name);
  if (name.starts_with('_') || !has_format_) source.record_column = find(records_, name);
  return source;
}

void Binding::lay_out(const ArrowSchema& target) {
  std::vector<Field> wanted;
  for (int64_t i = 0; i < target.n_children; ++i) {
    const ArrowSchema& column = *target.children[i];
    const auto mapping =
        std::find_if(config_.columns.begin(), config_.columns.end(),
                     [&](const ColumnMapping& m) { return m.column == column.name; });
    const bool mapped = mapping != config_.columns.end();
    if (!mapped && config_.columns_only) continue;
    const Source source = source_of(column.name, mapped ? &*mapping : nullptr);
    if (source.record_column >= 0) {
      record_columns_.push_back(source.record_column);
      record_column_names_.emplace_back(column.name);
    } else if (has_format_) {
      Field field = field_of(column);
      field.set("cphost.path", source.path);
      const bool nullable = column.flags & ARROW_FLAG_NULLABLE;
      if (nullable && metadata(column, "cphost.default") == "1") field.set("cphost.absent", "1");
      wanted.push_back(std::move(field));
    }
  }
  if (wanted.empty() && record_columns_.empty()) {
    throw BindingError(
        "no column of the target is filled: none has the name of a column of the source" +
        std::string(config_.columns_only ? ", and [columns] names none" : ""));
  }
  wanted_ = Schema(std::move(wanted)).to_arrow();
}

std::string Binding::column_filled_from(std::string_view record_column) const {
  for (size_t i = 0; i < record_columns_.size(); ++i) {
    if (name_of(*records_.children[record_columns_[i]]) == record_column)
      return record_column_names_[i];
  }
  return {};
}

void Binding::complete(UniqueSchema format_schema) {
  std::vector<Field> columns;
  std::set<std::string> names;
  if (has_format_) {
    const ArrowSchema& schema = *format_schema.get();
    for (int64_t i = 0; i < schema.n_children; ++i)
      columns.push_back(field_of(*schema.children[i]));
  }
  for (size_t i = 0; i < record_columns_.size(); ++i) {
    Field field = field_of(*records_.children[record_columns_[i]]);
    field.name = record_column_names_[i];
    columns.push_back(std::move(field));
  }
  for (const Field& field : columns) {
    if (!names.insert(field.name).second)
      throw BindingError("the column '" + field.name + "' is filled twice");
  }
  format_schema_ = std::move(format_schema);
  columns_ = Schema(std::move(columns)).to_arrow();
}

}  // namespace cphost::host
