// SPDX-License-Identifier: Apache-2.0
#include "host/replay/replayed_records.hpp"

#include <charconv>
#include <cphost/batch.hpp>
#include <cphost/rejects.hpp>
#include <optional>
#include <string_view>

namespace cphost::host {
namespace {

struct Kept {
  std::string_view name;
  std::string_view format;
  RejectColumn from;
};

// As the error table took them from the records.
constexpr Kept kKept[] = {
    {"_value", "z", RejectColumn::kRaw},
    {"_key", "z", RejectColumn::kKey},
    {"_timestamp", "tsm", RejectColumn::kRecordTs},
    {"_headers", "+m", RejectColumn::kHeaders},
    {"_topic", "z", RejectColumn::kTopic},
    {"_partition", "i", RejectColumn::kPartition},
    {"_offset", "l", RejectColumn::kOffset},
};

bool is_position(const ArrowSchema& field) {
  return metadata(field, kRole) == "position";
}

std::optional<RejectColumn> source_of(const ArrowSchema& field) {
  if (is_position(field)) return RejectColumn::kPosition;
  for (const Kept& kept : kKept) {
    if (kept.name == name_of(field) && std::string_view(field.format).starts_with(kept.format))
      return kept.from;
  }
  return std::nullopt;
}

void add_headers(const ArrowArray& from, int64_t row, ColumnBuilder& to) {
  const ListColumn headers(from);
  const ArrowArray& entries = headers.elements();
  for (int64_t i = headers.begin(row); i < headers.end(row); ++i) {
    to.add_entry(bytes_at(*entries.children[0], entries.offset + i),
                 bytes_at(*entries.children[1], entries.offset + i));
  }
  to.end();
}

void add_position(std::string_view text, const ArrowSchema& field, ColumnBuilder& to) {
  if (std::string_view(field.format) == "z") return to.add(text);
  int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  to.add(number);
}

// What was absent: null where it may be.
void add_nothing(const ArrowSchema& field, ColumnBuilder& to) {
  const std::string_view format = field.format;
  if (is_nullable(field) || format.starts_with("+s")) return to.add_null();
  if (format.starts_with('+')) return to.end();
  if (format == "z" || format == "u") return to.add(std::string_view());
  if (format.starts_with("w:") || format.starts_with("d:"))
    return to.add(std::string_view(std::string(to.width(), '\0')));
  to.add(0);
}

void add_value(const ArrowSchema& field, const ArrowArray& rejects, int64_t row,
               ColumnBuilder& to) {
  const auto source = source_of(field);
  if (!source) return add_nothing(field, to);
  const ArrowArray& from = *rejects.children[static_cast<size_t>(*source)];
  if (*source == RejectColumn::kHeaders) return add_headers(from, row, to);
  if (is_null(from, row)) return add_nothing(field, to);
  switch (*source) {
    case RejectColumn::kPosition:
      return add_position(bytes_at(from, row), field, to);
    case RejectColumn::kPartition:
      return to.add(value_at<int32_t>(from, row));
    case RejectColumn::kOffset:
    case RejectColumn::kRecordTs:
      return to.add(value_at<int64_t>(from, row));
    default:
      return to.add(bytes_at(from, row));
  }
}

}  // namespace

std::vector<std::string> columns_not_kept(const ArrowSchema& records) {
  std::vector<std::string> names;
  for (int64_t i = 0; i < records.n_children; ++i) {
    if (!source_of(*records.children[i])) names.emplace_back(name_of(*records.children[i]));
  }
  return names;
}

UniqueArray records_of_rejects(const ArrowSchema& records, const ArrowArray& rejects,
                               std::vector<int64_t>& rows) {
  const ArrowArray& truncated = *rejects.children[static_cast<size_t>(RejectColumn::kTruncated)];
  BatchBuilder batch(records);
  rows.clear();
  for (int64_t row = 0; row < rejects.length; ++row) {
    if (value_at<uint8_t>(truncated, row) != 0) continue;
    for (int64_t i = 0; i < records.n_children; ++i)
      add_value(*records.children[i], rejects, row, batch[static_cast<size_t>(i)]);
    rows.push_back(row);
  }
  return batch.finish();
}

}  // namespace cphost::host
