// SPDX-License-Identifier: Apache-2.0
#include "token.hpp"

#include <charconv>

namespace kafka {
namespace {

constexpr size_t kDepthMax = 64;

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// Steps over JSON text, keeping no more than asked for.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : rest_(text) {}

  bool take(char wanted) {
    skip_space();
    if (rest_.empty() || rest_.front() != wanted) return false;
    rest_.remove_prefix(1);
    return true;
  }

  std::optional<std::string> take_text() {
    if (!take('"')) return std::nullopt;
    std::string text;
    while (!rest_.empty() && rest_.front() != '"') {
      if (rest_.front() == '\\') {
        rest_.remove_prefix(1);
        // What an issuer escapes is kept as it is written; tokens and numbers hold no such thing.
        if (rest_.empty()) return std::nullopt;
        if (rest_.front() != '"' && rest_.front() != '\\' && rest_.front() != '/') text += '\\';
      }
      text += rest_.front();
      rest_.remove_prefix(1);
    }
    if (!take('"')) return std::nullopt;
    return text;
  }

  /// A text, number or word, or a whole object or array, which becomes "".
  std::optional<std::string> take_value(size_t depth) {
    skip_space();
    if (rest_.empty() || depth > kDepthMax) return std::nullopt;
    if (rest_.front() == '"') return take_text();
    if (rest_.front() == '{' || rest_.front() == '[') return take_nested(depth);
    const size_t end = rest_.find_first_of(",]} \t\r\n");
    if (end == 0 || end == rest_.npos) return std::nullopt;
    std::string word(rest_.substr(0, end));
    rest_.remove_prefix(end);
    return word;
  }

 private:
  void skip_space() {
    while (!rest_.empty() && is_space(rest_.front())) rest_.remove_prefix(1);
  }

  std::optional<std::string> take_nested(size_t depth) {
    const bool is_object = rest_.front() == '{';
    const char end = is_object ? '}' : ']';
    rest_.remove_prefix(1);
    if (take(end)) return "";
    do {
      if (is_object && (!take_text() || !take(':'))) return std::nullopt;
      if (!take_value(depth + 1)) return std::nullopt;
    } while (take(','));
    if (!take(end)) return std::nullopt;
    return "";
  }

  std::string_view rest_;
};

// RFC 4648, 5; nothing for a character that is not of it.
std::optional<std::string> decode_base64url(std::string_view text) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string out;
  uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    if (c == '=') break;
    const size_t digit = kDigits.find(c);
    if (digit == kDigits.npos) return std::nullopt;
    bits = (bits << 6 | static_cast<uint32_t>(digit)) & 0xffffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out += static_cast<char>(bits >> count & 0xff);
  }
  return out;
}

int64_t seconds(const std::string& text) {
  // An issuer may write a fraction, or 1.7e9; the latter is left to the broker.
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || (end != text.data() + text.size() && *end != '.')) return 0;
  return value > 0 && value < INT64_MAX / 1000 ? value : 0;
}

}  // namespace

std::optional<std::string> json_member(std::string_view object, std::string_view name) {
  Cursor cursor(object);
  if (!cursor.take('{')) return std::nullopt;
  do {
    const auto key = cursor.take_text();
    if (!key || !cursor.take(':')) return std::nullopt;
    auto value = cursor.take_value(1);
    if (!value || *key == name) return value;
  } while (cursor.take(','));
  return std::nullopt;
}

std::optional<Token> parse_token(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  Token token;
  token.value = text;
  for (const char c : text) {
    if (c <= ' ' || c == 0x7f || static_cast<unsigned char>(c) >= 0x80) return std::nullopt;
  }
  if (text.empty()) return std::nullopt;
  const size_t first = text.find('.');
  const size_t second = first == text.npos ? first : text.find('.', first + 1);
  if (second == text.npos) return token;
  const auto claims = decode_base64url(text.substr(first + 1, second - first - 1));
  if (!claims) return token;
  token.ends_ms = seconds(json_member(*claims, "exp").value_or("")) * 1000;
  token.subject = json_member(*claims, "sub").value_or("");
  return token;
}

}  // namespace kafka
