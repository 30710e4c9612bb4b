// SPDX-License-Identifier: Apache-2.0
#include "host/config/option_binding.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "host/config/pipe_file.hpp"

namespace cphost::host {
namespace {

std::string text_of(const cphost_str& text) {
  return std::string(text.data, text.size);
}

/// Binds a TOML text to one option and keeps what came of it.
struct Bound {
  Bound(cphost_option option, std::string_view toml)
      : Bound(std::vector<cphost_option>{option}, toml) {}
  Bound(std::vector<cphost_option> options_, std::string_view toml) : options(std::move(options_)) {
    const auto table = parse_pipe_text(toml, "p.toml", diagnostics);
    BindingPlace place;
    place.file = "p.toml";
    place.section = "[source]";
    place.owner = "the source sample";
    values = bind_options(options, *table, {"plugin"}, place, diagnostics);
  }

  const cphost_value& value(size_t i = 0) const { return (*values)[i]; }
  std::string error() const {
    return diagnostics.has_errors() ? diagnostics.errors()[0] : "no error";
  }

  std::vector<cphost_option> options;
  Diagnostics diagnostics;
  std::shared_ptr<OptionValues> values;
};

cphost_option option(uint32_t type, const char* check = nullptr,
                     const char* default_value = nullptr, uint32_t flags = 0) {
  return cphost_option{"x", "What x is for.", default_value, check, type, flags};
}

TEST(OptionBinding, ReadsEachType) {
  EXPECT_EQ(Bound(option(CPHOST_BOOL), "x = true").value().i, 1);
  EXPECT_EQ(Bound(option(CPHOST_INT), "x = -7").value().i, -7);
  EXPECT_EQ(Bound(option(CPHOST_FLOAT), "x = 0.25").value().f, 0.25);
  EXPECT_EQ(Bound(option(CPHOST_FLOAT), "x = 2").value().f, 2.0);
  EXPECT_EQ(text_of(Bound(option(CPHOST_STRING), "x = 'abc'").value().s), "abc");
  EXPECT_EQ(Bound(option(CPHOST_DURATION), "x = '5s'").value().i, 5000);
  EXPECT_EQ(Bound(option(CPHOST_BYTES), "x = '1KiB'").value().i, 1024);
}

TEST(OptionBinding, ReadsListsAndSingleTexts) {
  const Bound many(option(CPHOST_LIST), "x = ['a', 'b']");
  ASSERT_EQ(many.value().count, 2u);
  EXPECT_EQ(text_of(many.value().items[1]), "b");
  const Bound one(option(CPHOST_LIST), "x = 'a'");
  ASSERT_EQ(one.value().count, 1u);
  EXPECT_EQ(text_of(one.value().items[0]), "a");
}

TEST(OptionBinding, ReadsMapsAndFlattensDottedKeys) {
  const Bound bound(option(CPHOST_MAP), "[x]\nsocket.timeout.ms = 5\n'a.b' = true\nc = 'text'");
  ASSERT_EQ(bound.error(), "no error");
  ASSERT_EQ(bound.value().count, 6u);
  std::vector<std::string> items;
  for (uint32_t i = 0; i < 6; ++i) items.push_back(text_of(bound.value().items[i]));
  EXPECT_EQ(items,
            (std::vector<std::string>{"socket.timeout.ms", "5", "a.b", "true", "c", "text"}));
}

TEST(OptionBinding, TakesADateAsItsText) {
  EXPECT_EQ(text_of(Bound(option(CPHOST_STRING), "x = 2026-01-02T03:04:05Z").value().s),
            "2026-01-02T03:04:05Z");
}

TEST(OptionBinding, FillsDefaultsOfEachType) {
  EXPECT_EQ(Bound(option(CPHOST_BOOL, nullptr, "true"), "").value().i, 1);
  EXPECT_EQ(Bound(option(CPHOST_INT, nullptr, "100_000"), "").value().i, 100000);
  EXPECT_EQ(Bound(option(CPHOST_FLOAT, nullptr, "1"), "").value().f, 1.0);
  EXPECT_EQ(text_of(Bound(option(CPHOST_STRING, nullptr, "earliest"), "").value().s), "earliest");
  EXPECT_EQ(Bound(option(CPHOST_DURATION, nullptr, "2h"), "").value().i, 7'200'000);
  EXPECT_EQ(Bound(option(CPHOST_LIST, nullptr, "[\"a\", \"b\"]"), "").value().count, 2u);
  EXPECT_EQ(Bound(option(CPHOST_LIST, nullptr, "a"), "").value().count, 1u);
  EXPECT_EQ(Bound(option(CPHOST_MAP, nullptr, "{ a = \"b\" }"), "").value().count, 2u);
  EXPECT_EQ(Bound(option(CPHOST_INT, nullptr, "1"), "").value().set, 1u);
}

TEST(OptionBinding, LeavesUnsetWhatIsNeitherGivenNorDefaulted) {
  const Bound bound(option(CPHOST_STRING), "");
  EXPECT_EQ(bound.error(), "no error");
  EXPECT_EQ(bound.value().set, 0u);
}

TEST(OptionBinding, RefusesAnotherType) {
  EXPECT_EQ(Bound(option(CPHOST_INT), "\nx = 'abc'").error(),
            "p.toml:2: [source] x is the text \"abc\"; an integer is wanted");
  EXPECT_EQ(
      Bound(option(CPHOST_DURATION), "x = 5").error(),
      "p.toml:1: [source] x is the number 5; a duration with its unit is wanted, such as \"5s\" "
      "(ms, s, m, h, d)");
  EXPECT_NE(Bound(option(CPHOST_BYTES), "x = 5").error(), "no error");
  EXPECT_NE(Bound(option(CPHOST_BOOL), "x = 1").error(), "no error");
  EXPECT_NE(Bound(option(CPHOST_STRING), "x = 1").error(), "no error");
  EXPECT_NE(Bound(option(CPHOST_LIST), "x = [1]").error(), "no error");
  EXPECT_NE(Bound(option(CPHOST_MAP), "x = 'a'").error(), "no error");
  EXPECT_NE(Bound(option(CPHOST_MAP), "x = { a = ['b'] }").error(), "no error");
  EXPECT_NE(Bound(option(CPHOST_FLOAT), "x = nan").error(), "no error");
}

TEST(OptionBinding, ChecksRangesInTheTypesOwnNotation) {
  EXPECT_EQ(Bound(option(CPHOST_INT, "1..64"), "x = 64").error(), "no error");
  EXPECT_EQ(Bound(option(CPHOST_INT, "1..64"), "x = 65").error(),
            "p.toml:1: [source] x is the number 65; allowed is 1..64");
  EXPECT_EQ(Bound(option(CPHOST_INT, "1.."), "x = 0").error(),
            "p.toml:1: [source] x is the number 0; allowed is 1..");
  EXPECT_EQ(Bound(option(CPHOST_DURATION, "1s..30m"), "x = '31m'").error(),
            "p.toml:1: [source] x is the text \"31m\"; allowed is 1s..30m");
  EXPECT_EQ(Bound(option(CPHOST_BYTES, "16MiB.."), "x = '16MB'").error(),
            "p.toml:1: [source] x is the text \"16MB\"; allowed is 16MiB..");
  EXPECT_EQ(Bound(option(CPHOST_FLOAT, "0..1"), "x = 1.5").error(),
            "p.toml:1: [source] x is the number 1.5; allowed is 0..1");
}

TEST(OptionBinding, ChecksChoicesAndGuessesTheMeantOne) {
  EXPECT_EQ(Bound(option(CPHOST_STRING, "earliest|latest"), "x = 'latest'").error(), "no error");
  EXPECT_EQ(Bound(option(CPHOST_STRING, "earliest|latest"), "x = 'erliest'").error(),
            "p.toml:1: [source] x is the text \"erliest\"; allowed is \"earliest\" or \"latest\"; "
            "did you mean "
            "\"earliest\"?");
  EXPECT_NE(Bound(option(CPHOST_LIST, "a|b"), "x = ['a', 'c']").error(), "no error");
}

TEST(OptionBinding, ChecksPatternsAgainstTheWholeText) {
  EXPECT_EQ(Bound(option(CPHOST_STRING, "/a+/"), "x = 'aaa'").error(), "no error");
  EXPECT_EQ(Bound(option(CPHOST_STRING, "/a+/"), "x = 'aab'").error(),
            "p.toml:1: [source] x is the text \"aab\"; allowed is text like /a+/");
  EXPECT_NE(Bound(option(CPHOST_STRING, "/a+/"), "x = '" + std::string(60'000, 'a') + "'").error(),
            "no error");
}

TEST(OptionBinding, SaysWhatIsMissing) {
  EXPECT_EQ(Bound(option(CPHOST_STRING, nullptr, nullptr, CPHOST_REQUIRED), "").error(),
            "p.toml:1: [source] x is missing; the source sample needs it: What x is for.");
  EXPECT_NE(Bound(option(CPHOST_LIST, nullptr, nullptr, CPHOST_REQUIRED), "x = []").error(),
            "no error");
}

TEST(OptionBinding, RefusesUnknownKeysWithTheNearestName) {
  const cphost_option topics{"topics", "Topics.", nullptr, nullptr, CPHOST_LIST, 0};
  EXPECT_EQ(Bound(topics, "plugin = 'a'\n\ntopcis = 'x'").error(),
            "p.toml:3: [source] \"topcis\" is not an option of the source sample; did you mean "
            "\"topics\"?");
}

TEST(OptionBinding, WarnsOfDeprecatedOptions) {
  const Bound bound(option(CPHOST_INT, nullptr, nullptr, CPHOST_DEPRECATED), "x = 1");
  EXPECT_EQ(bound.error(), "no error");
  ASSERT_EQ(bound.diagnostics.warnings().size(), 1u);
  EXPECT_EQ(bound.diagnostics.warnings()[0], "p.toml:1: [source] x is deprecated: What x is for.");
  EXPECT_EQ(bound.value().i, 1);
}

TEST(OptionBinding, BlamesThePluginForItsOwnMistakes) {
  EXPECT_NE(Bound(option(CPHOST_INT, nullptr, "many"), "").error().find("bug of the plugin"),
            std::string::npos);
  EXPECT_NE(Bound(option(CPHOST_INT, "1-5"), "x = 1").error().find("bug of the plugin"),
            std::string::npos);
  EXPECT_NE(Bound(option(CPHOST_STRING, "/(/"), "x = 'a'").error().find("bug of the plugin"),
            std::string::npos);
  EXPECT_NE(Bound(option(CPHOST_INT, "1..5", "6"), "").error().find("bug of the plugin"),
            std::string::npos);
}

TEST(OptionBinding, GoesOnAfterAnErrorAndSortsByLine) {
  const std::vector<cphost_option> options{
      {"a", "A.", nullptr, nullptr, CPHOST_INT, 0},
      {"b", "B.", nullptr, "1..2", CPHOST_INT, 0},
      {"c", "C.", nullptr, nullptr, CPHOST_INT, CPHOST_REQUIRED}};
  const Bound bound(options, "z = 1\nb = 3\na = 'x'");
  const std::vector<std::string> errors = bound.diagnostics.errors();
  ASSERT_EQ(errors.size(), 4u);
  EXPECT_EQ(errors[0].substr(0, 9), "p.toml:1:");
  EXPECT_EQ(errors[2].substr(0, 9), "p.toml:2:");
  EXPECT_EQ(errors[3].substr(0, 9), "p.toml:3:");
}

TEST(OptionBinding, ShortensAndEscapesWhatItShows) {
  const std::string error =
      Bound(option(CPHOST_INT), "x = \"\\u001b[31m" + std::string(500, 'a') + "\"").error();
  EXPECT_LT(error.size(), 200u);
  EXPECT_TRUE(std::none_of(error.begin(), error.end(), [](char c) { return c == '\x1b'; }));
}

}  // namespace
}  // namespace cphost::host
