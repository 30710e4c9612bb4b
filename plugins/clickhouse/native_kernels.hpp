// SPDX-License-Identifier: Apache-2.0
// The loops of the Native encoding: Arrow buffers in, ClickHouse's layout out. No allocation, no
// state; any thread.
//
// `begin` counts values of the Arrow buffer, so that a slice needs no copy of its bitmaps.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace clickhouse {

/// Bytes behind the end of its output that write_strings may scribble on.
inline constexpr size_t kStringSlack = 64;

/// Appends an unsigned LEB128 number, as ClickHouse counts everything.
void append_varuint(std::string& out, uint64_t value);
void append_string(std::string& out, std::string_view text);

/// The most bytes that write_strings needs, without kStringSlack.
size_t strings_size_max(const int32_t* offsets, size_t count);

/// Length and bytes of each string. Returns the end of what was written.
uint8_t* write_strings(const uint8_t* data, const int32_t* offsets, size_t count, uint8_t* out);

/// The same where validity says that some are null: those are written as `null`, which is a length
/// and its bytes, and needs room of its own.
uint8_t* write_strings(const uint8_t* data, const int32_t* offsets, const uint8_t* validity,
                       size_t begin, size_t count, std::string_view null, uint8_t* out);

/// One byte a bit: `flip` 0 gives 1 for a set bit, 1 gives 0. Writes up to 7 bytes behind out +
/// count.
void unpack_bits(const uint8_t* bits, size_t begin, size_t count, uint8_t flip, uint8_t* out);

/// Bits that are 0.
size_t count_zeros(const uint8_t* bits, size_t begin, size_t count);

/// Sums up list lengths: out[i] = base + offsets[i + 1] - offsets[0].
void write_offsets(const int32_t* offsets, size_t count, uint64_t base, uint8_t* out);

/// UUIDs from the order of their text to ClickHouse's two little-endian words.
void write_uuids(const uint8_t* uuids, size_t count, uint8_t* out);

/// Writes `fill` over those of `count` values of `width` bytes that are null.
void fill_nulls(uint8_t* values, const uint8_t* validity, size_t begin, size_t count, size_t width,
                const uint8_t* fill);

}  // namespace clickhouse
