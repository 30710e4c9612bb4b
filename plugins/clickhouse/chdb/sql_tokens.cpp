// SPDX-License-Identifier: Apache-2.0
#include "sql_tokens.hpp"

#include <algorithm>

namespace chdb {
namespace {

constexpr size_t kNowhere = std::string_view::npos;

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v' || c == '\0';
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_word_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool is_word_part(char c) {
  return is_word_start(c) || is_digit(c) || c == '$';
}

char upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

}  // namespace

bool Token::is_word(std::string_view upper_case) const {
  return kind == TokenKind::kWord &&
         std::equal(text.begin(), text.end(), upper_case.begin(), upper_case.end(),
                    [](char a, char b) { return upper(a) == b; });
}

void TokenReader::skip_blanks() {
  while (position_ < sql_.size()) {
    const std::string_view rest = sql_.substr(position_);
    const auto starts = [&](std::string_view prefix) {
      return rest.substr(0, prefix.size()) == prefix;
    };
    if (is_space(rest[0])) {
      ++position_;
    } else if (starts("--") || starts("# ") || starts("#!")) {
      const size_t line_end = sql_.find('\n', position_);
      position_ = line_end == kNowhere ? sql_.size() : line_end + 1;
    } else if (starts("/*")) {
      const size_t comment_end = sql_.find("*/", position_ + 2);
      position_ = comment_end == kNowhere ? sql_.size() : comment_end + 2;
    } else {
      return;
    }
  }
}

size_t TokenReader::end_of_quoted(size_t begin, char quote) const {
  for (size_t i = begin + 1; i < sql_.size(); ++i) {
    if (sql_[i] == '\\') {
      ++i;
    } else if (sql_[i] == quote) {
      // A doubled quote stands for itself.
      if (i + 1 < sql_.size() && sql_[i + 1] == quote) {
        ++i;
      } else {
        return i + 1;
      }
    }
  }
  return kNowhere;
}

// $tag$ ... $tag$, with a tag that may be empty.
size_t TokenReader::end_of_heredoc(size_t begin) const {
  const size_t tag_end = sql_.find('$', begin + 1);
  if (tag_end == kNowhere) return begin;
  const std::string_view tag = sql_.substr(begin, tag_end + 1 - begin);
  const bool is_tag = std::all_of(tag.begin() + 1, tag.end() - 1, is_word_part);
  if (!is_tag) return begin;
  const size_t close = sql_.find(tag, tag_end + 1);
  return close == kNowhere ? kNowhere : close + tag.size();
}

Token TokenReader::make(TokenKind kind, size_t end) {
  Token token;
  token.begin = position_;
  token.depth = depth_;
  token.kind = end == kNowhere ? TokenKind::kUnterminated : kind;
  token.end = std::min(end, sql_.size());
  token.text = sql_.substr(token.begin, token.end - token.begin);
  position_ = token.end;
  return token;
}

Token TokenReader::next() {
  skip_blanks();
  if (position_ >= sql_.size()) return make(TokenKind::kEnd, sql_.size());

  const char c = sql_[position_];
  if (c == '\'') return make(TokenKind::kString, end_of_quoted(position_, c));
  if (c == '"' || c == '`') return make(TokenKind::kQuotedName, end_of_quoted(position_, c));
  if (c == '$') {
    const size_t end = end_of_heredoc(position_);
    if (end != position_) return make(TokenKind::kString, end);
  }
  if (is_word_start(c) || is_digit(c)) {
    size_t end = position_ + 1;
    while (end < sql_.size() && is_word_part(sql_[end])) ++end;
    return make(is_digit(c) ? TokenKind::kNumber : TokenKind::kWord, end);
  }
  if (c == ')' || c == ']' || c == '}') depth_ = std::max(0, depth_ - 1);
  Token token = make(TokenKind::kSymbol, position_ + 1);
  if (c == '(' || c == '[' || c == '{') ++depth_;
  return token;
}

}  // namespace chdb
