// SPDX-License-Identifier: Apache-2.0
// cphost/options.hpp: one table binds the options of a component to the members of a struct.
//
//     struct Options { std::string path; std::chrono::milliseconds timeout; cphost::Bytes buffer;
//     }; inline constexpr auto kOptions = cphost::options<Options>(
//         cphost::required("path", &Options::path, "File to read."),
//         cphost::optional("timeout", &Options::timeout, "5s", "How long to wait.",
//         cphost::range("1ms..1h")));
//
// The default is written here and nowhere else; the host parses, checks and documents from the same
// table. A row without a doc sentence, or with a default that its type or check refuses, does not
// compile.
#pragma once

#include <chrono>
#include <concepts>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "option_text.hpp"
#include "status.hpp"

namespace cphost {

// A size in bytes: an option of type BYTES ("64MiB"), which an integer would not be.
struct Bytes {
  uint64_t value = 0;
  constexpr operator uint64_t() const { return value; }
};

// What a value must satisfy, and flags. Joined by `|`: range("1..8") | advanced.
struct Check {
  const char* text = nullptr;
  uint32_t flags = 0;
  friend constexpr Check operator|(Check a, Check b) {
    return {a.text != nullptr ? a.text : b.text, a.flags | b.flags};
  }
};

// Bounds in the type's own notation, both included, either may be left out: "1..60000", "1s..",
// "..1GiB".
consteval Check range(const char* bounds) {
  if (std::string_view(bounds).find("..") == std::string_view::npos) throw "a range is least..most";
  return {bounds, 0};
}

// One of the words: "earliest|latest".
consteval Check choice(const char* words) {
  return {words, 0};
}

// A regular expression that the whole text must match, between slashes: "/[a-z_]+/".
consteval Check pattern(const char* expression) {
  const std::string_view text(expression);
  if (text.size() < 3 || text.front() != '/' || text.back() != '/') throw "a pattern is /regex/";
  return {expression, 0};
}

inline constexpr Check secret{nullptr, CPHOST_SECRET};
inline constexpr Check advanced{nullptr, CPHOST_ADVANCED};
inline constexpr Check deprecated{nullptr, CPHOST_DEPRECATED};

namespace detail {

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

using TextMap = std::map<std::string, std::string>;
using TextPairs = std::vector<std::pair<std::string, std::string>>;

template <class T>
constexpr uint32_t option_type() {
  if constexpr (is_optional<T>) {
    return option_type<typename T::value_type>();
  } else if constexpr (std::same_as<T, bool>) {
    return CPHOST_BOOL;
  } else if constexpr (std::integral<T>) {
    return CPHOST_INT;
  } else if constexpr (std::floating_point<T>) {
    return CPHOST_FLOAT;
  } else if constexpr (std::same_as<T, std::string>) {
    return CPHOST_STRING;
  } else if constexpr (std::same_as<T, std::chrono::milliseconds>) {
    return CPHOST_DURATION;
  } else if constexpr (std::same_as<T, Bytes>) {
    return CPHOST_BYTES;
  } else if constexpr (std::same_as<T, std::vector<std::string>>) {
    return CPHOST_LIST;
  } else {
    static_assert(std::same_as<T, TextMap> || std::same_as<T, TextPairs>,
                  "an option is a bool, number, string, milliseconds, Bytes, vector<string>, "
                  "map<string, string> or "
                  "vector<pair<string, string>>, or an optional of these");
    return CPHOST_MAP;
  }
}

template <class T>
void bind(const char* name, T& to, const cphost_value& value) {
  if (value.set == 0) return;
  if constexpr (is_optional<T>) {
    bind(name, to.emplace(), value);
  } else if constexpr (std::same_as<T, bool>) {
    to = value.i != 0;
  } else if constexpr (std::integral<T>) {
    if (!std::in_range<T>(value.i)) {
      throw Error(config, "OPTION_RANGE",
                  std::string(name) + " = " + std::to_string(value.i) +
                      " is out of range: at most " + std::to_string(std::numeric_limits<T>::max()));
    }
    to = static_cast<T>(value.i);
  } else if constexpr (std::floating_point<T>) {
    to = static_cast<T>(value.f);
  } else if constexpr (std::same_as<T, std::string>) {
    to = view(value.s);
  } else if constexpr (std::same_as<T, std::chrono::milliseconds>) {
    to = std::chrono::milliseconds(value.i);
  } else if constexpr (std::same_as<T, Bytes>) {
    to.value = static_cast<uint64_t>(value.i);
  } else if constexpr (std::same_as<T, std::vector<std::string>>) {
    to.clear();
    for (uint32_t i = 0; i < value.count; ++i) to.emplace_back(view(value.items[i]));
  } else {
    to.clear();
    for (uint32_t i = 0; i + 1 < value.count; i += 2) {
      to.insert(to.end(),
                {std::string(view(value.items[i])), std::string(view(value.items[i + 1]))});
    }
  }
}

consteval void check_row(const cphost_option& row) {
  if (row.name == nullptr || *row.name == 0) throw "an option needs a name";
  if (row.doc == nullptr || *row.doc == 0) throw "an option needs a doc sentence";
  if (row.default_value == nullptr) return;
  if (option_text::is_integral(row.type)) {
    const auto value = option_text::integer(row.type, row.default_value);
    if (!value) throw "the default does not parse as the option's type";
    if (!option_text::in_range(row.type, *value, row.check)) throw "the default is out of range";
  } else if (row.type == CPHOST_STRING && row.check != nullptr && row.check[0] != '/') {
    if (!option_text::in_choice(row.default_value, row.check)) throw "the default is no choice";
  }
}

}  // namespace detail

template <class O, class M>
struct Option {
  cphost_option row;
  M O::*member;
};

// Must be given by the user.
template <class O, class M>
consteval Option<O, M> required(const char* name, M O::*member, const char* doc, Check check = {}) {
  const Option<O, M> option{
      {name, doc, nullptr, check.text, detail::option_type<M>(), CPHOST_REQUIRED | check.flags},
      member};
  detail::check_row(option.row);
  return option;
}

// `default_value` as it would stand in TOML, without quotes for text; nullptr: the member stays as
// the struct has it.
template <class O, class M>
consteval Option<O, M> optional(const char* name, M O::*member, const char* default_value,
                                const char* doc, Check check = {}) {
  const Option<O, M> option{
      {name, doc, default_value, check.text, detail::option_type<M>(), check.flags}, member};
  detail::check_row(option.row);
  return option;
}

template <class O, class... M>
struct Options {
  using Struct = O;

  std::tuple<Option<O, M>...> rows;
  cphost_option table[sizeof...(M) + 1];  // one more than there are: an array of none is no C++
  uint32_t count = sizeof...(M);

  // `values` in the order of the table, as create() receives them.
  O parse(const cphost_value* values) const {
    O out{};
    std::apply(
        [&](const auto&... row) { (detail::bind(row.row.name, out.*row.member, *values++), ...); },
        rows);
    return out;
  }
};

template <class O, class... M>
consteval Options<O, M...> options(Option<O, M>... rows) {
  return {{rows...}, {rows.row..., {}}};
}

struct NoOptions {};
inline constexpr Options<NoOptions> kNoOptions{};

}  // namespace cphost
