// SPDX-License-Identifier: Apache-2.0
// How one column gets from Arrow into a Native block: decided once, when a writer is opened, from
// the field that the rows have and the type that the target has. Immutable afterwards.
//
// The server converts types too, but checks no range (300 becomes 44 in a UInt8). So a column
// travels as the target's own type, as a type that surely fits into it, or is converted here with a
// check.
#pragma once

#include <cphost/arrow_c_data.h>
#include <cphost/columns/type.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "conversions.hpp"

namespace clickhouse {

using cphost::columns::Kind;
using cphost::columns::Type;

struct ColumnPlan {
  enum class Shape : uint8_t {
    kFixed,      ///< The Arrow buffer as it is.
    kBits,       ///< A bit becomes a byte.
    kUuid,       ///< Two words, bytes swapped.
    kString,     ///< Length and bytes in turn.
    kJson,       ///< The same, behind a prefix that says so.
    kConverted,  ///< Fixed width, through `conversion`.
    kList,       ///< Offsets, then the one child. Also Map, whose child is a tuple.
    kTuple,      ///< The children, one after the other.
    kBeyond,     ///< Not in Native: only the server knows what becomes of the value.
  };

  Shape shape = Shape::kFixed;
  bool nullable = false;  ///< Always sent as Nullable: the target is.
  bool exact = true;      ///< The server casts nothing.
  bool maskable = true;   ///< May be sent as Nullable; else a null is sent as the type's default.
  size_t width = 0;       ///< kFixed, kConverted: bytes of a value.
  std::string type;       ///< As the block's header names it, without Nullable.
  std::vector<uint8_t> fill;  ///< The type's default value, `width` bytes.
  std::string null_text;      ///< kString, kJson: the type's default value, length and bytes.
  Conversion conversion;
  std::vector<ColumnPlan> children;
};

/// Throws std::invalid_argument with a sentence: which types do not fit, and what to do. `column`
/// names it in there.
ColumnPlan plan_column(const ArrowSchema& field, const Type& target, const std::string& column);

/// Whether something in it can't be written in Native.
bool is_beyond_native(const ColumnPlan& plan);

/// How values of the type travel: without LowCardinality and SimpleAggregateFunction, which the
/// server rebuilds from plain values; without an outer Nullable.
std::string wire_type(const Type& type);

}  // namespace clickhouse
