// SPDX-License-Identifier: Apache-2.0
// The batch and its records; values.cpp and other_values.cpp have what happens below a key.
#include "decoder.hpp"

#include <cphost/columns/values.hpp>
#include <numeric>

namespace json {

namespace columns = cphost::columns;

namespace {

const ArrowSchema& checked(const ArrowSchema& records, uint32_t column, const ArrowSchema& wanted) {
  if (column >= static_cast<uint64_t>(records.n_children) ||
      (std::string_view(records.children[column]->format) != "z" &&
       std::string_view(records.children[column]->format) != "u")) {
    throw cphost::Error(cphost::config, "RECORD_COLUMN",
                        "the records have no binary column to decode");
  }
  return wanted;
}

}  // namespace

Decoder::Decoder(const Settings& settings, const ArrowSchema& records, uint32_t column,
                 const ArrowSchema& wanted)
    : settings_(settings),
      column_(column),
      builder_(checked(records, column, wanted), settings.date_time_input),
      paths_(builder_) {
  scratch_.resize(1024);
}

void Decoder::decode(const ArrowArray& records, cphost::Rows& out) {
  const uint32_t count = static_cast<uint32_t>(records.length);
  padded_.bind(*records.children[column_]);
  builder_.reserve(count);
  bool one_to_one = true;
  for (uint32_t i = 0; i < count; ++i) {
    const uint32_t before = builder_.rows();
    const columns::PaddedRecords::Record bytes = padded_.at(i);
    if (bytes.begin == nullptr) [[unlikely]] {
      if (settings_.null_row) builder_.commit_row(0);
    } else if (!record(bytes.begin, bytes.end)) [[unlikely]] {
      reject(i, bytes.begin, out);
      builder_.roll_back(before);
    }
    if (one_to_one && builder_.rows() == i + 1) [[likely]]
      continue;
    if (one_to_one) begin_record_numbers(i);
    one_to_one = false;
    record_of_row_.resize(builder_.rows(), i);
  }
  if (builder_.rows() == 0) return;
  out.rows(builder_.finish(), one_to_one ? nullptr : record_of_row_.data());
}

// The first `rows` rows were those of as many records.
void Decoder::begin_record_numbers(uint32_t rows) {
  record_of_row_.resize(rows);
  std::iota(record_of_row_.begin(), record_of_row_.end(), 0u);
}

// One record: false leaves the failure, and what was begun to be rolled back.
bool Decoder::record(const Byte* begin, const Byte* end) {
  static constexpr Byte kByteOrderMark[] = {0xef, 0xbb, 0xbf};
  end_ = end;
  failure_.column = nullptr;
  const Byte* p = begin;
  if (*p != '{') [[unlikely]] {
    if (end - p >= 3 && std::memcmp(p, kByteOrderMark, 3) == 0) p += 3;
    p = skip_space(p, end);
  }
  try {
    p = settings_.many ? many(p) : row(p);
  } catch (const columns::ColumnTooLarge&) {
    p = failure_.set(Fault::kColumnTooLarge, begin);
  }
  if (p == nullptr) [[unlikely]]
    return false;
  if (p != end) p = skip_space(p, end);
  if (p != end) failure_.set(Fault::kTrailing, p);
  return p == end;
}

const Byte* Decoder::row(const Byte* p) {
  if (p >= end_) return failure_.set(Fault::kTruncated, end_);
  if (*p != '{') return failure_.set(Fault::kNotAnObject, p);
  ++serial_;
  size_t filled = 0;
  p = members<true>(p, paths_.root(), builder_.rows(), 1, filled);
  if (p != nullptr) builder_.commit_row(filled);
  return p;
}

// Objects one behind the other, blanks or line feeds between them, or one array of them.
const Byte* Decoder::many(const Byte* p) {
  if (p < end_ && *p == '[') return array_of_rows(p);
  uint32_t rows = 0;
  for (; p != nullptr && p < end_; ++rows) {
    if (rows == settings_.max_rows) return failure_.set(Fault::kTooManyRows, p);
    p = row(p);
    if (p != nullptr) p = skip_space(p, end_);
  }
  return p;
}

const Byte* Decoder::array_of_rows(const Byte* p) {
  p = skip_space(p + 1, end_);
  if (p < end_ && *p == ']') return p + 1;
  for (uint32_t rows = 0;; ++rows) {
    if (rows == settings_.max_rows) return failure_.set(Fault::kTooManyRows, p);
    p = row(p);
    if (p == nullptr) return nullptr;
    p = skip_space(p, end_);
    if (p >= end_) return failure_.set(Fault::kTruncated, end_);
    if (*p == ']') return p + 1;
    if (*p != ',') return failure_.set(Fault::kUnexpected, p);
    p = skip_space(p + 1, end_);
  }
}

void Decoder::reject(uint32_t record, const Byte* begin, cphost::Rows& out) {
  const Byte* at = failure_.at;
  const std::string path =
      failure_.column == nullptr ? std::string() : columns::column_path(*failure_.column);
  const auto text_between = [](const Byte* from, const Byte* to) {
    return std::string_view(reinterpret_cast<const char*>(from), static_cast<size_t>(to - from));
  };
  const char* code = fault_code(failure_.fault);
  std::string text;
  if (failure_.fault == Fault::kValue) {
    code = columns::reason_code(failure_.reason);
    Failure ignored;
    const Byte* stop = skip_value(at, end_, kDepthMax, ignored);
    text = columns::reason_sentence(failure_.reason, *failure_.column,
                                    text_between(at, stop == nullptr ? end_ : stop));
  } else {
    text = fault_text(failure_.fault);
    if (at < end_) {
      const Byte* stop = end_ - at > 24 ? at + 24 : end_;
      text += ", at '" + columns::shortened(text_between(at, stop)) + "'";
    }
  }
  out.reject(record, code, text, path, at - begin);
}

Byte* Decoder::scratch(size_t bytes) {
  if (scratch_.size() < bytes + columns::kPadding) {
    scratch_.resize(bytes + bytes / 2 + columns::kPadding);
  }
  return scratch_.data();
}

}  // namespace json
