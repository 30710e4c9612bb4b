// SPDX-License-Identifier: Apache-2.0
//
// Records that say where they belong, for tests that look for lost, repeated, reordered or changed
// ones: {"p":PARTITION,"o":SEQUENCE,"crc":CHECKSUM,"pad":TEXT}. SEQUENCE counts from 0 within the
// partition and equals the record's Kafka offset. CHECKSUM is the CRC-32 (that of zlib, of Python's
// zlib.crc32 and of ClickHouse's CRC32) of "PARTITION:SEQUENCE:TEXT" with TEXT decoded, so a table
// can be checked by CRC32(concat(toString(p), ':', toString(o), ':', pad)) = crc.
//
// A share of the records can be spoilt instead, at places that the seed decides. Every kind of
// damage makes a record that a JSON decoder which checks types and UTF-8 has to refuse.
//
// All functions are pure: any order, any thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rows {

enum class Damage { cut_off, wrong_type, invalid_utf8, bare_text, empty };

inline constexpr std::array<Damage, 5> kDamages = {
    Damage::cut_off, Damage::wrong_type, Damage::invalid_utf8, Damage::bare_text, Damage::empty};

struct OraclePlace {
  std::int32_t partition;
  std::int64_t sequence;
};

const char* to_string(Damage damage);

// Appends the whole record of `place` to `out`.
void append_oracle_record(OraclePlace place, std::string& out);

// Which damage, if any, the record at `place` takes when `share` (0 to 1) of all are malformed.
std::optional<Damage> damage_at(OraclePlace place, std::uint64_t seed, double share);

// Appends the malformed record of `place` to `out`.
void append_damaged_record(OraclePlace place, std::uint64_t seed, Damage damage, std::string& out);

}  // namespace rows
