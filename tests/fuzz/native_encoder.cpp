// SPDX-License-Identifier: Apache-2.0
// Blocks of random Arrow batches, encoded and read back by native_block.hpp. A word of the first
// line is a column: `Type`, or `Type -> Target` where the rows have another type than the target;
// `DEFAULT ` before it gives the target's column a DEFAULT. The bytes make the arrays.
//
// Holds: the block has the columns, types and rows that it should, each with the value that the
// arrays have, null where it should be null and the default where it must not be; what does not fit
// is a fault of exactly that row; two blocks of one encoder do not disturb each other.
#include "native_encoder.hpp"

#include <cphost/arrow.hpp>
#include <cphost/columns/carrier.hpp>
#include <cphost/testing/array_faults.hpp>

#include <algorithm>
#include <memory>

#include "decimal_text.hpp"
#include "default_text.hpp"
#include "native_block.hpp"
#include "random_arrays.hpp"
#include "typed_input.hpp"

namespace fuzz {
namespace {

using clickhouse::NativeEncoder;
using cphost::columns::Kind;
using cphost::columns::Type;

struct Column {
  std::string name;
  Type source, target;
  bool has_default;
};

std::vector<Column> columns_of(const std::vector<std::string>& words) {
  std::vector<Column> columns;
  for (std::string word : words) {
    const bool has_default = word.rfind("DEFAULT ", 0) == 0;
    if (has_default) word.erase(0, 8);
    const size_t arrow = std::min(word.find(" -> "), word.size());
    const std::optional<Type> source = parse_type(word.substr(0, arrow));
    const std::optional<Type> target =
        arrow == word.size() ? source : parse_type(word.substr(arrow + 4));
    if (!source || !target) continue;
    columns.push_back(
        {"column `" + std::to_string(columns.size()) + "`", *source, *target, has_default});
  }
  return columns;
}

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

__extension__ typedef __int128 int128;

int128 power_of_ten(int n) {
  int128 p = 1;
  while (n-- > 0) p *= 10;
  return p;
}

std::string bytes_of(int128 number, size_t width) {
  std::string out(width, '\0');
  for (char& c : out) {
    c = static_cast<char>(number & 0xff);
    number >>= 8;
  }
  return out;
}

bool is_signed(Kind kind) {
  return kind <= Kind::kInt64;
}

// The value in another type, or nothing where it does not fit.
std::optional<std::string> converted(const Type& from, const Type& to, const std::string& bytes) {
  int128 number = 0;
  const bool negative = (is_signed(from.kind) || from.kind == Kind::kDateTime64) &&
                        static_cast<signed char>(bytes.back()) < 0;
  if (negative) number = -1;
  for (size_t i = bytes.size(); i-- > 0;) {
    number = static_cast<int128>(static_cast<unsigned __int128>(number) << 8 |
                                 static_cast<unsigned char>(bytes[i]));
  }
  if (to.kind <= Kind::kUInt64) {
    if (!fits_integer(integer_text(bytes, is_signed(from.kind)), to.width, is_signed(to.kind))) {
      return std::nullopt;
    }
    return bytes_of(number, to.width);
  }
  require(from.kind == Kind::kDateTime64, from.text + " converted to " + to.text);
  if (to.kind == Kind::kDateTime64 && to.scale > from.scale) {
    number *= power_of_ten(to.scale - from.scale);
  } else {
    const int128 unit = to.kind == Kind::kDateTime64 ? power_of_ten(from.scale - to.scale)
                        : to.kind == Kind::kDateTime ? power_of_ten(from.scale)
                                                     : power_of_ten(from.scale) * 86400;
    number = number / unit - (number % unit < 0);
  }
  const bool fits = to.kind == Kind::kDateTime64 ? number == static_cast<int64_t>(number)
                    : to.kind == Kind::kDateTime ? number == static_cast<uint32_t>(number)
                    : to.kind == Kind::kDate     ? number == static_cast<uint16_t>(number)
                                                 : number >= -25567 && number <= 120529;
  if (!fits) return std::nullopt;
  return bytes_of(number, to.width);
}

std::string raw(const Type& type, const ArrowArray& array, int64_t i) {
  if (is_text(type.kind)) return std::string(cphost::bytes_at(array, i));
  if (type.kind == Kind::kBool) return std::string(1, cphost::bool_at(array, i) ? '\1' : '\0');
  return std::string(cphost::FixedBytesColumn(array, type.width)[i]);
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

// A block of slices of a few batches.
class RandomBlock {
 public:
  RandomBlock(const std::vector<Column>& columns, ByteSource& in) {
    std::vector<Type> types;
    for (const Column& column : columns) types.push_back(column.source);
    for (size_t batches = 1 + in.below(3); batches > 0; --batches) {
      const size_t length = 1 + in.below(24);
      batches_.push_back(std::make_unique<RandomArray>(types, length, in));
      for (size_t slices = 1 + in.below(2); slices > 0; --slices) {
        const size_t begin = in.below(length);
        slices_.push_back({&batches_.back()->array(), static_cast<int64_t>(begin),
                           static_cast<int64_t>(1 + in.below(length - begin))});
      }
    }
    block_.struct_size = sizeof block_;
    block_.slices = slices_.data();
    block_.slice_count = static_cast<uint32_t>(slices_.size());
    for (const cphost_slice& slice : slices_) block_.rows += slice.count;
  }

  const cphost_block& block() const { return block_; }

  void check_arrays(const ArrowSchema& schema) const {
    for (const auto& batch : batches_) {
      const std::string fault = cphost::testing::array_fault(schema, batch->array());
      require(fault.empty(), "the fuzzer made no valid array: " + fault);
    }
  }

  // f(array of the column, its row) for each row of the block.
  template <class F>
  void for_each(size_t column, F&& f) const {
    for (const cphost_slice& slice : slices_) {
      const ArrowArray& array = *slice.rows->children[column];
      for (int64_t i = 0; i < slice.count; ++i) f(array, slice.begin + i);
    }
  }

  bool all_null(size_t column) const {
    bool all = true;
    for_each(column, [&](const ArrowArray& a, int64_t i) { all = all && cphost::is_null(a, i); });
    return all;
  }

 private:
  std::vector<std::unique_ptr<RandomArray>> batches_;
  std::vector<cphost_slice> slices_;
  cphost_block block_ = {};
};

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
    if (column.has_default && !column.target.nullable && block.all_null(i) &&
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

// Rows may have nulls at any level, whatever the type says; a map's entries and keys have none.
void allow_nulls(cphost::Field& field) {
  for (cphost::Field& child : field.children) {
    const bool of_map = field.format == "+m" || (field.name == "entries" && child.name == "key");
    child.nullable = child.nullable || !of_map;
    allow_nulls(child);
  }
}

void run(std::string_view bytes) {
  const TypedInput input = split(bytes);
  const std::vector<Column> columns = columns_of(input.words);
  if (columns.empty()) return;
  cphost::Schema schema;
  std::vector<clickhouse::TargetColumn> target;
  for (const Column& column : columns) {
    schema.add(cphost::columns::carrier(column.source, column.name, true));
    allow_nulls(schema.fields().back());
    target.push_back({column.name, column.target.text, column.has_default ? "DEFAULT" : "", ""});
  }
  const cphost::UniqueSchema arrow = schema.to_arrow();
  std::unique_ptr<NativeEncoder> encoder;
  try {
    encoder = std::make_unique<NativeEncoder>(*arrow, target);
  } catch (const std::invalid_argument&) {  // nothing safe leads from one type to the other
    return;
  }
  if (!encoder->holds()) return;
  ByteSource in(input.data);
  const RandomBlock first(columns, in), second(columns, in);
  first.check_arrays(*arrow);
  check_block(*encoder, columns, first);
  check_block(*encoder, columns, second);
  check_block(*encoder, columns, first);
}

}  // namespace

std::string bytes_for(const std::vector<std::string>&, Random& random) {
  std::string out(random() % 200, '\0');
  for (char& c : out) c = static_cast<char>(random());
  return out;
}

}  // namespace fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fuzz::run({reinterpret_cast<const char*>(data), size});
  return 0;
}
