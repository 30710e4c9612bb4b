// SPDX-License-Identifier: Apache-2.0
// Blocks of random Arrow batches (encoder_input.hpp), encoded and read back by native_block.hpp.
//
// Holds: the block has the columns, types and rows that it should, each with the value that the
// arrays have, null where it should be null and the default where it must not be; what does not fit
// is a fault of exactly that row; two blocks of one encoder do not disturb each other.
#include "native_encoder.hpp"

#include <cphost/arrow.hpp>

#include <algorithm>
#include <memory>

#include "default_text.hpp"
#include "encoder_input.hpp"
#include "native_block.hpp"
#include "typed_input.hpp"

namespace fuzz {
namespace {

using clickhouse::NativeEncoder;
using cphost::columns::Kind;
using cphost::columns::Type;

bool same_items(const Type& a, const Type& b) {
  return std::is_permutation(
      a.items.begin(), a.items.end(), b.items.begin(), b.items.end(),
      [](const auto& x, const auto& y) { return x.label == y.label && x.value == y.value; });
}

bool same_scalar(const Type& a, const Type& b) {
  return a.kind == b.kind && a.width == b.width && a.scale == b.scale && same_items(a, b);
}

// What the header may say of a column: the target's type, or for a value without elements the
// source's or String, which the server casts. `nullable` is for the caller to judge.
void check_type(const Type& sent, const Type& source, const Type& target) {
  const bool target_sent = same_scalar(sent, target) && sent.zone == target.zone &&
                           (sent.kind != Kind::kDecimal || sent.precision == target.precision);
  require(target_sent || (same_scalar(sent, source) && !is_container(source.kind)),
          source.text + " for " + target.text + " sent as " + sent.text);
  require(sent.names == target.names && sent.children.size() == target.children.size(),
          target.text + " sent as " + sent.text);
  for (size_t i = 0; i < sent.children.size(); ++i) {
    require(sent.children[i].nullable == target.children[i].nullable,
            target.text + " sent as " + sent.text);
    check_type(sent.children[i], source.children[i], target.children[i]);
  }
}

// What is sent for a null of a target that takes none. Text that the server casts must be a value
// of what it is cast to; which one, the tests with the real engine know.
Value sent_default(const Type& sent, const Type& target) {
  Value out = default_value(sent);
  if (out.null) return out;
  if (sent.kind == Kind::kJson) out.bytes = "{}";
  if (sent.kind == Kind::kText) out.bytes = clickhouse::default_text(target);
  for (size_t i = 0; i < out.items.size(); ++i) {
    out.items[i] = sent_default(sent.children[i], target.children[i]);
  }
  return out;
}

// A value as the type that is sent has it; nothing where it does not fit.
std::optional<Value> expected(const Type& from, const Type& to, const Type& target,
                              const ArrowArray& array, int64_t i) {
  if (cphost::is_null(array, i)) return sent_default(to, target);
  Value out;
  const auto add = [&](size_t part, const ArrowArray& child, int64_t at) {
    std::optional<Value> item =
        expected(from.children[part], to.children[part], target.children[part], child, at);
    require(item.has_value(), "a value inside a container is converted");
    out.items.push_back(std::move(*item));
  };
  if (from.kind == Kind::kTuple) {
    for (size_t k = 0; k < from.children.size(); ++k) add(k, *array.children[k], array.offset + i);
  } else if (is_container(from.kind)) {
    const cphost::ListColumn list(array);
    const ArrowArray& elements = list.elements();
    for (int64_t k = list.begin(i); k < list.end(i); ++k) {
      if (from.kind == Kind::kArray) {
        add(0, elements, k);
      } else {
        add(0, *elements.children[0], elements.offset + k);
        add(1, *elements.children[1], elements.offset + k);
      }
    }
  } else if (same_scalar(from, to) || (is_text(from.kind) && is_text(to.kind))) {
    out.bytes = raw(from, array, i);
  } else {
    std::optional<std::string> bytes = converted(from, to, raw(from, array, i));
    if (!bytes) return std::nullopt;
    out.bytes = std::move(*bytes);
  }
  return out;
}

NativeBlock read(const clickhouse::Segments& segments) {
  const size_t size = clickhouse::total_size(segments);
  const std::unique_ptr<uint8_t[]> bytes(new uint8_t[size]);
  uint8_t* out = bytes.get();
  for (const clickhouse::Segment& segment : segments) {
    out = std::copy(segment.data, segment.data + segment.size, out);
  }
  return read_native(bytes.get(), size);
}

// Checks one sent column; appends the rows that do not fit.
void check_column(const Column& column, size_t index, const NativeColumn& sent,
                  const RandomBlock& block, std::vector<int64_t>& unfit) {
  require(sent.name == column.name, "another name: " + sent.name);
  check_type(sent.type, column.source, column.target);
  if (column.target.nullable) require(sent.type.nullable, "a Nullable sent as " + sent.type.text);
  if (!column.target.nullable && !column.has_default) {
    require(!sent.type.nullable, column.target.text + " sent as " + sent.type.text);
  }
  // Only what is cast from a text that is no "" can't be sent as null (and no container can).
  const bool null_for_default =
      column.has_default && !is_container(sent.type.kind) &&
      (sent.type.kind != Kind::kText || clickhouse::default_text(column.target).empty());
  size_t row = 0;
  block.for_each(index, [&](const ArrowArray& array, int64_t i) {
    const std::optional<Value> value = expected(column.source, sent.type, column.target, array, i);
    if (!value) {
      unfit.push_back(static_cast<int64_t>(row));
    } else if (cphost::is_null(array, i) && null_for_default) {
      require(sent.values[row].null, "a null for a DEFAULT not sent as null");
    } else {
      require(*value == sent.values[row], "row " + std::to_string(row) + " of " + sent.type.text +
                                              ":\n" + text_of(*value) + " sent as\n" +
                                              text_of(sent.values[row]));
    }
    ++row;
  });
}

void check_block(NativeEncoder& encoder, const std::vector<Column>& columns,
                 const RandomBlock& block) {
  const NativeBlock sent = read(encoder.encode(block.block()));
  require(sent.rows == static_cast<size_t>(block.block().rows), "another number of rows");
  size_t at = 0, faults = 0;
  for (size_t i = 0; i < columns.size(); ++i) {
    const Column& column = columns[i];
    if (block.all_absent(columns, i) &&
        (at >= sent.columns.size() || sent.columns[at].name != column.name)) {
      continue;  // Left out, so that the server puts the DEFAULT.
    }
    require(at < sent.columns.size(), "a column is missing: " + column.target.text);
    std::vector<int64_t> unfit;
    check_column(column, i, sent.columns[at++], block, unfit);
    for (const int64_t row : unfit) {
      require(faults < encoder.faults().size(), "a value that does not fit is no fault");
      const clickhouse::RowFault& fault = encoder.faults()[faults++];
      require(fault.row == row && fault.column == column.name, "a fault of another row");
    }
  }
  require(at == sent.columns.size(), "a column too many");
  require(faults == encoder.faults().size(), "a fault of a value that fits");
}

std::unique_ptr<NativeEncoder> encoder_of(const Rows& rows) {
  try {
    auto encoder = std::make_unique<NativeEncoder>(*rows.schema, rows.target);
    if (encoder->holds()) return encoder;
  } catch (const std::invalid_argument&) {  // nothing safe leads from one type to the other
  }
  return nullptr;
}

void run(std::string_view bytes) {
  const TypedInput input = split(bytes);
  const std::vector<Column> columns =
      columns_of(input.words, [](const Rows& rows) { return encoder_of(rows) != nullptr; });
  if (columns.empty()) return;
  const Rows rows = rows_of(columns);
  const std::unique_ptr<NativeEncoder> encoder = encoder_of(rows);
  ByteSource in(input.data);
  const RandomBlock first(rows, in), second(rows, in);
  check_block(*encoder, columns, first);
  check_block(*encoder, columns, second);
  check_block(*encoder, columns, first);
}

}  // namespace
}  // namespace fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fuzz::run({reinterpret_cast<const char*>(data), size});
  return 0;
}
