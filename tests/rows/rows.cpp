// SPDX-License-Identifier: Apache-2.0
#include "rows.hpp"

#include "row_cursor.hpp"

namespace rows {
namespace {

constexpr std::array<std::string_view, 6> kEvents = {"page_view",   "click",  "purchase",
                                                     "add_to_cart", "search", "logout"};
constexpr std::array<std::string_view, 8> kCountries = {"DE", "US", "FR", "GB",
                                                        "NL", "BR", "IN", "JP"};

}  // namespace

std::uint64_t mix(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15U;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31);
}

RowGenerator::RowGenerator(Shape shape) : shape_(shape), words_{} {
  std::uint64_t chance = 7;
  for (Word& word : words_) {
    chance = mix(chance);
    word.size = static_cast<std::uint8_t>(3 + chance % 7);
    for (std::size_t i = 0; i < word.size; ++i) {
      word.letters[i] = static_cast<char>('a' + (chance >> (8 + 5 * i)) % 26);
    }
  }
}

void RowGenerator::append(std::uint64_t index, std::string& out) const {
  std::array<char, kMaxRowSize> row;
  const char* end = write(index, row.data());
  out.append(row.data(), static_cast<std::size_t>(end - row.data()));
}

char* RowGenerator::write(std::uint64_t index, char* out) const {
  switch (shape_) {
    case Shape::narrow:
      return write_narrow(index, out);
    case Shape::wide:
      return write_wide(index, out);
    case Shape::nested:
      return write_nested(index, out);
    case Shape::numbers:
      return write_numbers(index, out);
    case Shape::text:
      return write_text(index, out);
  }
  return out;
}

std::string_view RowGenerator::word(std::uint64_t choice) const {
  const Word& word = words_[choice % kWordCount];
  return {word.letters.data(), word.size};
}

char* RowGenerator::write_narrow(std::uint64_t index, char* out) const {
  const std::uint64_t a = mix(index);
  const std::uint64_t b = mix(a);
  const std::uint64_t c = mix(b);
  const std::uint64_t d = mix(c);
  const std::uint64_t e = mix(d);
  Cursor row{out};
  row.text(R"({"id":)").number(static_cast<std::int64_t>(10'000'000 + index));
  row.text(R"(,"ts":"2026-01-)").padded(1 + index % 28, 2);
  row.text("T").padded(index % 24, 2);
  row.text(":").padded(index % 60, 2);
  row.text(":").padded(index % 60, 2);
  row.text(".").padded(index % 1000, 3);
  row.text(R"(Z","user_id":)").number(static_cast<std::int64_t>(1 + a % 5'000'000));
  row.text(R"(,"event":")").text(kEvents[b % kEvents.size()]);
  row.text(R"(","country":")").text(kCountries[(b >> 8) % kCountries.size()]);
  row.text(R"(","price":)").number(static_cast<std::int64_t>(c % 500));
  row.text(".").padded((c >> 16) % 100, 2);
  row.text(R"(,"qty":)").number(static_cast<std::int64_t>(1 + (c >> 32) % 9));
  row.text(R"(,"ok":)").boolean(d % 10 != 0);
  row.text(R"(,"session":")").hex(mix(d ^ 1));
  row.text(R"(","note":)");
  if (e % 10 >= 7) {
    row.text(R"("some note text )").number(static_cast<std::int64_t>(index % 1000)).text("\"");
  } else {
    row.text("null");
  }
  return row.text("}").at;
}

char* RowGenerator::write_wide(std::uint64_t index, char* out) const {
  const std::uint64_t a = mix(index);
  const std::uint64_t b = mix(a);
  const std::uint64_t c = mix(b);
  const std::uint64_t d = mix(c);
  const std::uint64_t e = mix(d);
  Cursor row{out};
  row.text(R"({"id":)").number(static_cast<std::int64_t>(1'000'000'000'000 + index));
  row.text(R"(,"code":)").number(static_cast<std::int64_t>(a % 100'001) - 50'000);
  row.text(R"(,"val":)").number(static_cast<std::int64_t>(b % 1000));
  row.text(".").padded((b >> 16) % 1'000'000, 6).padded((b >> 40) % 1'000'000, 6);
  row.text(R"(,"ts":"2024-05-)").padded(1 + index / 50'000 % 28, 2);
  row.text(" ").padded(c % 24, 2);
  row.text(":").padded((c >> 8) % 60, 2);
  row.text(":").padded((c >> 16) % 60, 2);
  row.text(".").padded((c >> 24) % 1000, 3);
  row.text(R"(","s1":")").text(word(d)).text(" ").text(word(d >> 11)).text(" ");
  row.text(word(d >> 22)).text(" ").text(word(d >> 33)).text(" ").text(word(d >> 44));
  row.text(R"(","s2":"/)").text(word(a >> 20)).text("/").text(word(a >> 31)).text("/");
  row.text(word(a >> 42));
  row.text(R"(","s3":")").hex(mix(e));
  row.text(R"(","host":"host-)").padded(static_cast<std::uint32_t>(e >> 20) % 40, 2);
  row.text(R"(.eu-west-1","ok":)").boolean((e >> 40) % 10 != 0);
  row.text(R"(,"note":)");
  if (e % 10 >= 3) {
    row.text("\"").text(word(e >> 8)).text("\"");
  } else {
    row.text("null");
  }
  return row.text("}").at;
}

}  // namespace rows
