// SPDX-License-Identifier: Apache-2.0
//
// The rows that lean on one part of a decoder: nesting, numbers, long strings.
#include "row_cursor.hpp"
#include "rows.hpp"

namespace rows {
namespace {

constexpr std::array<std::string_view, 4> kAgents = {
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/126.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.4 Safari/605.1.15",
    "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148"};
constexpr std::array<std::string_view, 8> kCities = {"Berlin", "München",   "Paris",    "São Paulo",
                                                     "London", "Amsterdam", "New York", "東京"};
constexpr std::array<std::string_view, 4> kPlans = {"free", "pro", "team", "trial"};

// The chance of one row: a new number at each call.
struct Chance {
  std::uint64_t state;
  std::uint64_t operator()() { return state = mix(state); }
};

// `digits` behind the point.
void decimal(Cursor& row, std::uint64_t chance, std::uint64_t below, int digits) {
  std::uint64_t scale = 1;
  for (int i = 0; i < digits; ++i) scale *= 10;
  row.number(static_cast<std::int64_t>((chance >> 32) % below));
  row.text(".").padded(chance % scale, digits);
}

void time_of(Cursor& row, std::uint64_t index, std::uint64_t chance) {
  row.text("2026-01-").padded(1 + index / 50'000 % 28, 2).text("T").padded(chance % 24, 2);
  row.text(":").padded((chance >> 8) % 60, 2).text(":").padded((chance >> 16) % 60, 2);
  row.text(".").padded((chance >> 24) % 1000, 3).text("Z");
}

}  // namespace

char* RowGenerator::write_words(std::uint64_t choice, int count, char* out) const {
  Cursor row{out};
  for (int i = 0; i < count; ++i) {
    choice = mix(choice);
    row.text(i == 0 ? "" : " ").text(word(choice));
  }
  return row.at;
}

char* RowGenerator::write_nested(std::uint64_t index, char* out) const {
  Chance chance{mix(index ^ 0x6e65)};
  const auto words = [&](Cursor& row, int count) {
    row.at = write_words(~chance(), count, row.at);
  };
  const auto integer = [&](Cursor& row, std::uint64_t below) {
    row.number(static_cast<std::int64_t>(chance() % below));
  };
  Cursor row{out};
  row.text(R"({"event_id":")").hex(chance()).hex(chance());
  time_of(row.text(R"(","ts":")"), index, chance());
  time_of(row.text(R"(","received_at":")"), index, chance());
  row.text(R"(","type":"checkout","seq":)").number(static_cast<std::int64_t>(index));
  integer(row.text(R"(,"version":3,"user":{"id":)"), 5'000'000);
  words(row.text(R"(,"name":")"), 2);
  words(row.text(R"(","email":")"), 1);
  row.text(R"(@example.com","plan":")").text(kPlans[chance() % kPlans.size()]);
  row.text(R"(","active":)").boolean(chance() % 10 != 0);
  decimal(row.text(R"(,"score":)"), chance(), 100, 3);
  words(row.text(R"(,"address":{"street":")"), 2);
  row.text(R"(","city":")").text(kCities[chance() % kCities.size()]);
  row.text(R"(","zip":")").padded(chance() % 100'000, 5);
  decimal(row.text(R"(","country":"DE","lat":)"), chance(), 90, 6);
  decimal(row.text(R"(,"lon":-)"), chance(), 180, 6);
  integer(row.text(R"(}},"device":{"os":"android","os_version":")"), 18);
  words(row.text(R"(.2.1","model":")"), 1);
  row.text(R"(","screen":{"w":1920,"h":1080},"ua":")").text(kAgents[chance() % kAgents.size()]);
  words(row.text(R"("},"page":{"url":"https://shop.example.com/)"), 1);
  words(row.text("/"), 1);
  words(row.text("?q="), 1);
  words(row.text(R"(","referrer":null,"title":")"), 6);
  row.text(R"("},"order":{"id":)").number(static_cast<std::int64_t>(1'000'000'000 + index));
  decimal(row.text(R"(,"currency":"EUR","total":)"), chance(), 900, 2);
  decimal(row.text(R"(,"tax":)"), chance(), 90, 2);
  row.text(R"(,"items":[)");
  const std::uint64_t items = 2 + chance() % 3;
  for (std::uint64_t i = 0; i < items; ++i) {
    row.text(i == 0 ? "" : ",").text(R"({"sku":"SKU-)").padded(chance() % 1'000'000, 6);
    words(row.text(R"(","name":")"), 2);
    integer(row.text(R"(","qty":)"), 9);
    decimal(row.text(R"(,"price":)"), chance(), 200, 2);
    row.text("}");
  }
  integer(row.text(R"(]},"geo":{"ip":"192.0.2.)"), 255);
  integer(row.text(R"(","asn":)"), 60'000);
  words(row.text(R"(,"tz":"Europe/Berlin"},"utm":{"source":"mail","medium":"cpc","campaign":")"),
        2);
  words(row.text(R"("},"tags":[")"), 1);
  words(row.text(R"(",")"), 1);
  words(row.text(R"(",")"), 1);
  row.text(R"("],"flags":{"beta":)").boolean(chance() % 10 == 0);
  row.text(R"(,"bot":false,"first":)").boolean(chance() % 3 == 0);
  words(row.text(R"(},"text":")"), 50);
  decimal(row.text(R"(","ratio":)"), chance(), 1, 15);
  return row.text(R"(,"note":null})").at;
}

char* RowGenerator::write_numbers(std::uint64_t index, char* out) const {
  Chance chance{mix(index ^ 0x6e75)};
  Cursor row{out};
  row.text(R"({"id":)").number(static_cast<std::int64_t>(index));
  for (int i = 0; i < 8; ++i) {  // 3 to 17 digits, of either sign
    const auto value = static_cast<std::int64_t>(chance() >> (6 + 6 * i));
    row.text(R"(,"i)").number(i).text(R"(":)").number(chance() % 2 == 0 ? value : -value);
  }
  for (int i = 0; i < 8; ++i) {
    decimal(row.text(R"(,"f)").number(i).text(R"(":)"), chance(), 1000, 2 + 2 * i);
  }
  for (int i = 0; i < 4; ++i) {
    decimal(row.text(R"(,"d)").number(i).text(R"(":-)"), chance(), 1'000'000, 4);
  }
  row.text(R"(,"e":[)");
  for (int i = 0; i < 3; ++i) {
    decimal(row.text(i == 0 ? "" : ","), chance(), 10, 8);
    row.text("e-").number(static_cast<std::int64_t>(chance() % 200));
  }
  return row.text("]}").at;
}

char* RowGenerator::write_text(std::uint64_t index, char* out) const {
  Chance chance{mix(index ^ 0x7465)};
  const auto words = [&](Cursor& row, int count) {
    row.at = write_words(~chance(), count, row.at);
  };
  Cursor row{out};
  row.text(R"({"id":)").number(static_cast<std::int64_t>(index));
  words(row.text(R"(,"title":")"), 8);
  words(row.text(R"(","body":")"), 60);
  words(row.text(R"( said \"no\"\n)"), 30);
  row.text(R"( \u00fc )").text(kCities[chance() % kCities.size()]);
  words(row.text(R"(","summary":")"), 20);
  row.text(R"(","path":"C:\\docs\\)").text(word(chance()));
  return row.text(R"("})").at;
}

}  // namespace rows
