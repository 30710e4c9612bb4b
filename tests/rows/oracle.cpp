// SPDX-License-Identifier: Apache-2.0
#include "oracle.hpp"

#include <zlib.h>

#include "rows.hpp"

namespace rows {
namespace {

struct Pad {
  std::string decoded;
  std::string json;
};

// The chance of one place. The stream number keeps pad, choice and form of damage independent.
std::uint64_t chance_at(OraclePlace place, std::uint64_t stream) {
  const std::uint64_t where = (static_cast<std::uint64_t>(place.partition) << 48) ^
                              static_cast<std::uint64_t>(place.sequence);
  return mix(mix(where) ^ mix(stream));
}

// Text of 0 to 199 characters, every 64th ten times as long. Every eighth holds what decoders trip
// over: escapes, and characters of two to four bytes, plain and escaped.
Pad pad_at(OraclePlace place) {
  struct Special {
    std::string_view decoded;
    std::string_view json;
  };
  static constexpr std::array<Special, 8> kSpecials = {{{"\"", "\\\""},
                                                        {"\\", "\\\\"},
                                                        {"\n", "\\n"},
                                                        {"\t", "\\u0009"},
                                                        {"\xc3\xa4", "\xc3\xa4"},
                                                        {"\xe2\x82\xac", "\\u20ac"},
                                                        {"\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80"},
                                                        {"\xf0\x9f\x98\x80", "\\ud83d\\ude00"}}};
  std::uint64_t chance = chance_at(place, 1);
  std::size_t size = chance % 200;
  if ((chance >> 32) % 64 == 0) {
    size *= 10;
  }
  const bool special = (chance >> 40) % 8 == 0;
  Pad pad;
  pad.decoded.reserve(size);
  pad.json.reserve(size);
  for (std::size_t i = 0; i < size; ++i) {
    if (i % 12 == 0) {
      chance = mix(chance);
    }
    const std::uint64_t choice = (chance >> (5 * (i % 12))) % 32;
    if (choice < 26) {
      pad.decoded += static_cast<char>('a' + choice);
      pad.json += static_cast<char>('a' + choice);
    } else if (special) {
      const Special& pick = kSpecials[(choice + i) % kSpecials.size()];
      pad.decoded += pick.decoded;
      pad.json += pick.json;
    } else {
      pad.decoded += ' ';
      pad.json += ' ';
    }
  }
  return pad;
}

std::uint32_t checksum(OraclePlace place, const std::string& pad) {
  const std::string text =
      std::to_string(place.partition) + ":" + std::to_string(place.sequence) + ":" + pad;
  return static_cast<std::uint32_t>(
      crc32(0, reinterpret_cast<const Bytef*>(text.data()), static_cast<uInt>(text.size())));
}

}  // namespace

const char* to_string(Damage damage) {
  switch (damage) {
    case Damage::cut_off:
      return "cut_off";
    case Damage::wrong_type:
      return "wrong_type";
    case Damage::invalid_utf8:
      return "invalid_utf8";
    case Damage::bare_text:
      return "bare_text";
    case Damage::empty:
      return "empty";
  }
  return "unknown";
}

void append_oracle_record(OraclePlace place, std::string& out) {
  const Pad pad = pad_at(place);
  out += R"({"p":)";
  out += std::to_string(place.partition);
  out += R"(,"o":)";
  out += std::to_string(place.sequence);
  out += R"(,"crc":)";
  out += std::to_string(checksum(place, pad.decoded));
  out += R"(,"pad":")";
  out += pad.json;
  out += "\"}";
}

std::optional<Damage> damage_at(OraclePlace place, std::uint64_t seed, double share) {
  const std::uint64_t chance = chance_at(place, seed ^ 0x6261640000000000U);
  // 53 bits make a double in [0, 1) without rounding up to 1.
  if (static_cast<double>(chance >> 11) * 0x1p-53 >= share) {
    return std::nullopt;
  }
  return kDamages[mix(chance) % kDamages.size()];
}

void append_damaged_record(OraclePlace place, std::uint64_t seed, Damage damage, std::string& out) {
  const std::uint64_t chance = chance_at(place, seed ^ 0x686f770000000000U);
  std::string record;
  append_oracle_record(place, record);
  switch (damage) {
    case Damage::cut_off:
      // A proper prefix of an object is never a value.
      record.resize(1 + chance % (record.size() - 1));
      break;
    case Damage::wrong_type:
      record.replace(record.find(R"("o":)") + 4, std::to_string(place.sequence).size(),
                     chance % 2 == 0 ? R"({"not":"a number"})" : R"("not a number")");
      break;
    case Damage::invalid_utf8: {
      static constexpr std::array<std::string_view, 4> kInvalid = {"\xff", "\xc3", "\xed\xa0\x80",
                                                                   "\xc0\xaf"};
      record.insert(record.size() - 2, kInvalid[chance % kInvalid.size()]);
      break;
    }
    case Damage::bare_text:
      record = "ERROR worker " + std::to_string(chance % 1000) + " failed, see the log";
      break;
    case Damage::empty:
      record.clear();
      break;
  }
  out += record;
}

}  // namespace rows
