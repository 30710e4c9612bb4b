// SPDX-License-Identifier: Apache-2.0
// Records of JSON into columns of the types that the first line names; the rest is records,
// separated by 0x1e (RFC 7464). Words of the line that are no types: many, null_row,
// reject_unknown, shallow, basic, best_effort_us. A column at a path is `path:Type`.
//
// Holds: what simdjson takes for JSON is never refused as such, and the other way round; the
// records beside it come out as they are; a record's fate is the same alone, between others, and
// with digits, quotes or brackets behind its end; a row has the values that simdjson's tree has;
// every batch is valid Arrow.
#include <algorithm>
#include <cstring>

#include "json_documents.hpp"
#include "tests/decoding.hpp"
#include "typed_input.hpp"

namespace fuzz {
namespace {

using json::test::Decoded;
using json::test::Decoding;
using json::test::Reject;

constexpr char kSeparator = '\x1e';
constexpr size_t kRecordsMax = 16;

struct Target {
  json::Settings settings;
  std::vector<json::test::Wanted> wanted;
  std::vector<JsonColumn> columns;  // those that have no path
};

bool set_option(json::Settings& settings, const std::string& word) {
  if (word == "many") {
    settings.many = true;
  } else if (word == "null_row") {
    settings.null_row = true;
  } else if (word == "reject_unknown") {
    settings.reject_unknown = true;
  } else if (word == "shallow") {
    settings.max_depth = 4;
    settings.max_rows = 3;
  } else if (const auto input = cphost::columns::date_time_input_named(word)) {
    settings.date_time_input = *input;
  } else {
    return false;
  }
  return true;
}

Target target_of(const std::vector<std::string>& words) {
  Target target;
  for (const std::string& word : words) {
    if (set_option(target.settings, word)) continue;
    const size_t colon = std::min(word.find(':'), word.find_first_of("(' "));
    const bool has_path = colon < word.size() && word[colon] == ':';
    const std::string path = has_path ? word.substr(0, colon) : std::string();
    std::optional<cphost::columns::Type> type =
        parse_type(has_path ? word.substr(colon + 1) : word);
    if (!type) continue;
    const std::string name(1, static_cast<char>('a' + target.wanted.size()));
    target.wanted.push_back({name, type->text, path});
    if (path.empty()) target.columns.push_back({name, std::move(*type)});
  }
  return target;
}

// What became of one record.
struct Fate {
  std::vector<std::string> rows;
  std::vector<Reject> rejects;
};

bool alike(const Fate& a, const Fate& b) {
  if (a.rows != b.rows || a.rejects.size() != b.rejects.size()) return false;
  return a.rejects.empty() ||
         (a.rejects[0].code == b.rejects[0].code && a.rejects[0].column == b.rejects[0].column &&
          a.rejects[0].text == b.rejects[0].text && a.rejects[0].offset == b.rejects[0].offset);
}

std::string text_of(const Fate& fate) {
  std::string text;
  for (const std::string& row : fate.rows) text += "\n  row " + row;
  for (const Reject& r : fate.rejects) {
    text += "\n  " + r.code + " at " + std::to_string(r.offset) + " " + r.column + ": " + r.text;
  }
  return text.empty() ? "\n  nothing" : text;
}

using Records = std::vector<std::string>;

std::vector<Fate> decode(Decoding& decoding, const Records& records) {
  const Decoded decoded =
      decoding.decode(std::vector<std::optional<std::string>>(records.begin(), records.end()));
  std::vector<Fate> fates(records.size());
  require(decoded.record_of.size() == decoded.rows.size(), "a row without a record");
  require(std::is_sorted(decoded.record_of.begin(), decoded.record_of.end()),
          "rows not in the order of their records");
  for (size_t i = 0; i < decoded.rows.size(); ++i) {
    require(decoded.record_of[i] < records.size(), "a row of no record");
    fates[decoded.record_of[i]].rows.push_back(decoded.rows[i]);
  }
  for (const Reject& reject : decoded.rejects) {
    require(reject.record < records.size(), "a reject of no record");
    const size_t size = records[reject.record].size();
    require(reject.offset >= 0 && static_cast<size_t>(reject.offset) <= size,
            "a reject outside of its record");
    require(!reject.code.empty() && !reject.text.empty(), "a reject without code or text");
    fates[reject.record].rejects.push_back(reject);
  }
  for (const Fate& fate : fates) {
    require(fate.rejects.size() + !fate.rows.empty() <= 1, "rows and a reject of one record");
  }
  return fates;
}

bool refused_as_json(const Fate& fate) {
  static constexpr const char* kCodes[] = {"JSON_SYNTAX", "JSON_TRUNCATED", "JSON_STRING",
                                           "JSON_UTF8", "JSON_TRAILING"};
  return !fate.rejects.empty() &&
         std::any_of(std::begin(kCodes), std::end(kCodes),
                     [&fate](const char* code) { return fate.rejects[0].code == code; });
}

void check_record(const Target& target, const std::string& record, const Fate& fate) {
  static simdjson::dom::parser judge;
  const bool valid = target.settings.many ? is_json_objects(judge, record) : is_json(judge, record);
  if (fate.rejects.empty()) {
    require(valid, "accepted, and no JSON:" + text_of(fate));
  } else {
    require(!valid || !refused_as_json(fate), "JSON, and refused as none:" + text_of(fate));
  }
  if (!fate.rejects.empty() || target.settings.many) return;
  require(fate.rows.size() == 1, "one object, and another number of rows");
  if (target.columns.size() != target.wanted.size()) return;
  const std::optional<std::string> row = expected_row(judge, record, target.columns);
  if (row) require(*row == fate.rows[0], "expected\n  row " + *row + text_of(fate));
}

// Each record between good ones, and all of them next to each other in two orders, so that what
// stands behind a record differs.
void check_together(Decoding& decoding, const Records& records, const std::vector<Fate>& alone,
                    const std::string& good, const Fate& good_fate) {
  Records batch = {good};
  for (const std::string& record : records) batch.insert(batch.end(), {record, good});
  const std::vector<Fate> between = decode(decoding, batch);
  for (size_t i = 0; i < between.size(); ++i) {
    const Fate& fate = i % 2 == 0 ? good_fate : alone[i / 2];
    require(alike(between[i], fate), "record " + std::to_string(i) + " alone:" + text_of(fate) +
                                         "\nand between others:" + text_of(between[i]));
  }
  for (const char* behind : {"0123456789012345678901234567890123456789",
                             "\"}],:[{\"\\u00e9 \xbf\xbf\xbf nullfalsetrue e5.-+Z"}) {
    batch.clear();
    for (const std::string& record : records) batch.insert(batch.end(), {record, behind});
    batch.emplace_back(200, ' ');
    const std::vector<Fate> fates = decode(decoding, batch);
    for (size_t i = 0; i < records.size(); ++i) {
      require(alike(fates[2 * i], alone[i]), "alone:" + text_of(alone[i]) + "\nand with " + behind +
                                                 " behind it:" + text_of(fates[2 * i]));
    }
  }
}

void run(std::string_view bytes) {
  const TypedInput input = split(bytes);
  const Target target = target_of(input.words);
  if (target.wanted.empty()) return;
  std::optional<Decoding> made;
  try {
    made.emplace(target.wanted, target.settings);
  } catch (const cphost::Error&) {  // no such time zone, a path with empty parts
    return;
  }
  Decoding& decoding = *made;
  Records records;
  std::vector<Fate> alone;
  for (size_t at = 0; at <= input.data.size() && records.size() < kRecordsMax;) {
    const size_t end = std::min(input.data.find(kSeparator, at), input.data.size());
    records.emplace_back(input.data.substr(at, end - at));
    alone.push_back(decode(decoding, {records.back()})[0]);
    check_record(target, records.back(), alone.back());
    at = end + 1;
  }
  std::string good = example_document(target.columns);
  Fate good_fate = decode(decoding, {good})[0];
  if (!good_fate.rejects.empty()) {
    good = "{}";
    good_fate = decode(decoding, {good})[0];
  }
  require(good_fate.rows.size() == 1, "an empty object has no row:" + text_of(good_fate));
  check_together(decoding, records, alone, good, good_fate);
}

}  // namespace

std::string random_word(Random& random) {
  static constexpr const char* kOptions[] = {"many",    "null_row", "reject_unknown",
                                             "shallow", "basic",    "best_effort_us"};
  const size_t way = random() % 10;
  if (way == 0) return kOptions[random() % std::size(kOptions)];
  const std::string type = random_type(random, 0);
  return way == 1 ? "a.b:" + type : type;
}

std::string bytes_for(const std::vector<std::string>& words, Random&) {
  return example_document(target_of(words).columns);
}

}  // namespace fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fuzz::run({reinterpret_cast<const char*>(data), size});
  return 0;
}
