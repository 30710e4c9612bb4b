// SPDX-License-Identifier: Apache-2.0
// ClickHouse SQL as tokens: enough to find clauses without being fooled by quotes, backticks,
// heredocs, comments and brackets. It does not judge whether a statement is valid.
//
// A TokenReader refers to the text it was given, which must outlive it.
#pragma once

#include <cstddef>
#include <string_view>

namespace chdb {

enum class TokenKind { kWord, kQuotedName, kString, kNumber, kSymbol, kUnterminated, kEnd };

struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::string_view text;  ///< With its quotes.
  size_t begin = 0;       ///< Offset in the whole text.
  size_t end = 0;
  int depth = 0;  ///< Open brackets around it; a bracket itself counts as outside.

  bool is_word(std::string_view upper_case) const;
  bool is_symbol(char symbol) const { return kind == TokenKind::kSymbol && text[0] == symbol; }
};

class TokenReader {
 public:
  explicit TokenReader(std::string_view sql) : sql_(sql) {}

  /// Comments and white space are skipped; after the end it returns kEnd for ever.
  Token next();

 private:
  void skip_blanks();
  size_t end_of_quoted(size_t begin, char quote) const;
  size_t end_of_heredoc(size_t begin) const;
  Token make(TokenKind kind, size_t end);

  std::string_view sql_;
  size_t position_ = 0;
  int depth_ = 0;
};

}  // namespace chdb
