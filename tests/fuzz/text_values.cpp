// SPDX-License-Identifier: Apache-2.0
// A text into a column of the type that the first line names: as the whole of a string (put_text),
// as a literal of a number and as a string with its quote behind it, both where they stand in a
// record (put_number, put_delimited). Another word, basic or best_effort_us, is how times
// are read.
//
// Holds: either one value is pushed or none is, and the row before keeps its null; the value is the
// one that text_reference.hpp computes, and its print reads back as the same; the three ways agree;
// nothing depends on what follows the record.
#include <cphost/columns/builder.hpp>
#include <cphost/columns/values.hpp>
#include <cphost/testing/array_faults.hpp>

#include <memory>

#include "text_reference.hpp"
#include "typed_input.hpp"

namespace fuzz {
namespace {

using namespace cphost::columns;

// What one put did.
struct Outcome {
  std::optional<std::string> value;  // the bytes that the column holds
  Reason reason = Reason::kNone;
  size_t end = 0;  // where a literal or string ended

  bool operator==(const Outcome& o) const {
    return value == o.value && reason == o.reason && end == o.end;
  }
};

class OneColumn {
 public:
  explicit OneColumn(const Type& type, DateTimeInput input = DateTimeInput::kBestEffort)
      : wanted_(cphost::Schema{carrier(type, "c", true)}.to_arrow()),
        builder_(*wanted_, input),
        schema_(builder_.schema().to_arrow()) {}

  // `put` gets the column and fills the outcome's reason and end.
  template <class Put>
  Outcome run(Put&& put) {
    Outcome outcome;
    builder_.commit_row(0);
    put(builder_.column(0), outcome);
    const bool pushed = builder_.column(0).size() == 2;
    require(pushed || builder_.column(0).size() == 1, "another number of values");
    if (pushed) builder_.commit_row(1);
    const cphost::UniqueArray batch = builder_.finish();
    const std::string fault = cphost::testing::array_fault(*schema_, *batch);
    require(fault.empty(), fault);
    const ArrowArray& array = *batch->children[0];
    require(cphost::is_null(array, 0), "the row before has lost its null");
    if (pushed) {
      require(!cphost::is_null(array, 1), "a value came out as null");
      outcome.value = bytes_of(array);
    }
    return outcome;
  }

 private:
  std::string bytes_of(const ArrowArray& array) const {
    const std::string_view format = schema_->children[0]->format;
    if (format == "z") return std::string(cphost::bytes_at(array, 1));
    if (format == "b") return std::string(1, cphost::bool_at(array, 1) ? '\1' : '\0');
    const size_t width = static_cast<size_t>(cphost::fixed_width(format));
    return std::string(cphost::FixedBytesColumn(array, width)[1]);
  }

  cphost::UniqueSchema wanted_;
  Builder builder_;
  cphost::UniqueSchema schema_;
};

// Exactly `size` bytes on the heap, so that the sanitizer sees every byte read behind them.
std::unique_ptr<char[]> on_heap(std::string_view text) {
  std::unique_ptr<char[]> copy(new char[text.size()]);
  std::copy(text.begin(), text.end(), copy.get());
  return copy;
}

std::string readable(const Outcome& outcome, const Type& type) {
  if (!outcome.value) return std::string("refused: ") + reason_code(outcome.reason);
  const std::optional<std::string> text = printed(type, *outcome.value);
  std::string hex;
  for (const unsigned char c : *outcome.value) {
    hex += "0123456789abcdef"[c >> 4];
    hex += "0123456789abcdef"[c & 15];
  }
  return (text ? *text : "a value") + " (bytes " + hex + ")";
}

Outcome whole_text(OneColumn& column, std::string_view text) {
  const std::unique_ptr<char[]> copy = on_heap(text);
  return column.run([&](Column& c, Outcome& out) {
    out.reason = put_text(c, {copy.get(), text.size()});
    require((c.size() == 2) == (out.reason == Reason::kNone), "a reason and a value, or neither");
  });
}

// The text in a record that ends with `delimiter`, and `behind` in all of the bytes that a parser
// may look at.
template <class Put>
Outcome in_record(OneColumn& column, std::string_view text, char delimiter, const char* behind,
                  Put&& put) {
  std::string record(text);
  record += delimiter;
  const size_t size = record.size();
  while (record.size() < size + kPadding) record += behind;
  record.resize(size + kPadding);
  const std::unique_ptr<char[]> copy = on_heap(record);
  const Byte* p = reinterpret_cast<const Byte*>(copy.get());
  return column.run([&](Column& c, Outcome& out) {
    const Byte* end = put(c, p, p + size, out.reason);
    require((end != nullptr) == (c.size() == 2), "an end and no value, or a value and no end");
    if (end != nullptr) out.reason = Reason::kNone;
    if (end != nullptr) out.end = static_cast<size_t>(end - p);
  });
}

constexpr const char* kBehind[] = {"7", "\"", "e5", ".3Z+-:", " 00:00"};

template <class Put>
Outcome in_any_record(OneColumn& column, const Type& type, std::string_view text, char delimiter,
                      Put&& put) {
  const Outcome first = in_record(column, text, delimiter, " ", put);
  for (const char* behind : kBehind) {
    const Outcome other = in_record(column, text, delimiter, behind, put);
    require(other == first, "with blanks behind: " + readable(first, type) + "\nwith " + behind +
                                ": " + readable(other, type));
  }
  return first;
}

void check_text(OneColumn& column, const Type& type, const std::string& text,
                const Outcome& whole) {
  const Expected expected = expected_of_text(type, text);
  if (whole.value) {
    const std::optional<std::string> print = printed(type, *whole.value);
    require(expected.verdict != Expected::kRefused,
            "accepted, and no " + type.text + ": " + readable(whole, type));
    if (expected.verdict == Expected::kValue) {
      require(print == expected.text,
              "expected " + expected.text + ", got " + readable(whole, type));
    }
    // A zone takes the first hours of the year 1 into the year 0, of which no text is read.
    if (print && !print->starts_with("0000-")) {
      const Outcome again = whole_text(column, *print);
      require(again.value && (*print == "nan" || again.value == whole.value),
              "printed as " + *print + ", read again as " + readable(again, type));
    }
  } else {
    require(expected.verdict != Expected::kValue,
            "expected " + expected.text + ", " + readable(whole, type));
  }
}

void check_number(OneColumn& column, const Type& type, std::string_view text,
                  const Outcome& whole) {
  const auto put = [](Column& c, const Byte* p, const Byte* end, Reason& reason) {
    return put_number(c, p, end, reason);
  };
  for (const char delimiter : {',', '}', ' '}) {
    const Outcome number = in_any_record(column, type, text, delimiter, put);
    const Byte* p = reinterpret_cast<const Byte*>(text.data());
    const bool literal = !text.empty() && scan_number(p, p + text.size()) == p + text.size();
    if (number.value && literal) {
      require(number.end == text.size(), "a literal that ends somewhere else");
    }
    if (literal && is_number(type) && text.size() <= detail::kValueTextMax) {
      require(number.value == whole.value,
              "as a number " + readable(number, type) + ", as a text " + readable(whole, type));
    }
  }
}

void check_delimited(OneColumn& column, const Type& type, std::string_view text) {
  const Outcome delimited = in_any_record(column, type, text, '"',
                                          [](Column& c, const Byte* p, const Byte* end, Reason&) {
                                            return put_delimited(c, p, end, '"');
                                          });
  if (!delimited.value) return;
  require(
      delimited.end <= text.size() && (delimited.end == text.size() || text[delimited.end] == '"'),
      "not at the quote");
  const Outcome whole = whole_text(column, text.substr(0, delimited.end));
  require(whole.value == delimited.value,
          "where it stands " + readable(delimited, type) + ", as a text " + readable(whole, type));
}

// A time that both ways of reading know, in the spelling of ISO 8601, is the same in both.
void check_basic(const Type& type, std::string_view text, const Outcome& basic) {
  const auto stands = [text](size_t at, char c) { return text.size() <= at || text[at] == c; };
  if (!basic.value || !stands(4, '-') || !stands(7, '-') || !stands(13, ':') || !stands(16, ':')) {
    return;
  }
  OneColumn column(type);
  const Outcome usual = whole_text(column, text);
  require(!usual.value || usual.value == basic.value,
          "basic " + readable(basic, type) + ", else " + readable(usual, type));
}

void run(std::string_view bytes) {
  const TypedInput input = split(bytes);
  std::optional<Type> type;
  DateTimeInput times = DateTimeInput::kBestEffort;
  for (const std::string& word : input.words) {
    const auto said = date_time_input_named(word);
    if (said) times = *said;
    if (!said && !type) type = parse_type(word);
  }
  if (!type || is_container(type->kind)) return;
  std::optional<OneColumn> column;
  try {
    column.emplace(*type, times);
  } catch (const cphost::Error&) {  // no such time zone
    return;
  }
  const Outcome whole = whole_text(*column, input.data);
  const bool is_moment = type->kind == Kind::kDateTime || type->kind == Kind::kDateTime64;
  if (times == DateTimeInput::kBasic && is_moment) {
    check_basic(*type, input.data, whole);
  } else {
    check_text(*column, *type, std::string(input.data), whole);
  }
  check_number(*column, *type, input.data, whole);
  check_delimited(*column, *type, input.data);
}

}  // namespace

std::string random_word(Random& random) {
  if (random() % 10 == 0) return random() % 2 == 0 ? "basic" : "best_effort_us";
  return random_type(random, 0);
}

std::string bytes_for(const std::vector<std::string>&, Random& random) {
  static constexpr const char* kTexts[] = {"-170141183460469231731687303715884105728",
                                           "1234567.125e-3",
                                           "2026-03-29T02:30:00.123456789+02:00",
                                           "61f0c404-5cb3-11e7-907b-a6006ad3dba0",
                                           "255.255.255.255",
                                           "2001:db8::ffff:1.2.3.4",
                                           "1700000000.5",
                                           "-inf"};
  return kTexts[random() % std::size(kTexts)];
}

}  // namespace fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fuzz::run({reinterpret_cast<const char*>(data), size});
  return 0;
}
