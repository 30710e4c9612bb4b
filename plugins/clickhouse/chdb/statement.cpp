// SPDX-License-Identifier: Apache-2.0
#include "statement.hpp"

#include <algorithm>
#include <iterator>

#include "errors.hpp"
#include "sql_tokens.hpp"

namespace chdb {
namespace {

bool is_name(const Token& token) {
  return token.kind == TokenKind::kWord || token.kind == TokenKind::kQuotedName;
}

// The rows begin after blanks and one line end, as ClickHouse's own parser has it: more line ends
// belong to the rows.
std::string_view rows_after(std::string_view text, size_t position) {
  while (position < text.size() &&
         (text[position] == ' ' || text[position] == '\t' || text[position] == '\f')) {
    ++position;
  }
  if (position < text.size() && text[position] == ';') {
    throw Failure(kSyntaxError, "There is a ';' before the data of the INSERT: remove it");
  }
  if (position < text.size() && text[position] == '\r') ++position;
  if (position < text.size() && text[position] == '\n') ++position;
  return text.substr(position);
}

/// Moves past the table: `a`, `a.b`, `{name:Identifier}`, `FUNCTION f(...)`, any with quotes.
/// Returns the token after it.
Token skip_table(TokenReader& reader, Token token) {
  if (token.is_word("TABLE")) {
    // `INSERT INTO table VALUES`: a table of that name.
    const TokenReader before = reader;
    const Token second = reader.next();
    const bool is_keyword = is_name(second) || second.is_symbol('{');
    if (is_keyword && !second.is_word("VALUES") && !second.is_word("FORMAT") &&
        !second.is_word("SELECT")) {
      token = second;
    } else {
      reader = before;
    }
  }
  if (token.is_word("FUNCTION")) {
    const TokenReader before = reader;
    const Token second = reader.next();
    if (is_name(second)) {
      token = second;
    } else {
      reader = before;
    }
  }
  token = token.is_symbol('{') ? token : reader.next();  // Past the first part of the name.
  while (token.is_symbol('.') || token.depth > 0 || token.is_symbol('{') || token.is_symbol('}')) {
    if (token.kind == TokenKind::kEnd) break;
    const bool is_dot = token.is_symbol('.') && token.depth == 0;
    token = reader.next();
    if (is_dot && !token.is_symbol('{')) token = reader.next();
  }
  return token;
}

void refuse_input_function(TokenReader reader) {
  for (Token token = reader.next(); token.kind != TokenKind::kEnd; token = reader.next()) {
    if (!token.is_word("INPUT")) continue;
    TokenReader ahead = reader;
    if (ahead.next().is_symbol('(')) {
      throw Failure(kNotImplemented,
                    "The embedded engine has no INSERT ... SELECT ... FROM input(): insert into "
                    "the table with FORMAT, or through a materialized view");
    }
  }
}

Token first_token(std::string_view sql) {
  return TokenReader(sql).next();
}

}  // namespace

std::optional<InsertStatement> split_insert(std::string_view text, bool complete) {
  TokenReader reader(text);
  if (!reader.next().is_word("INSERT")) return std::nullopt;
  Token token = reader.next();
  if (token.is_word("INTO")) token = reader.next();
  token = skip_table(reader, token);

  // Names of settings are no keywords: `SETTINGS format = 1`.
  const auto is_keyword = [&](const Token& candidate, std::string_view word) {
    if (candidate.depth != 0 || !candidate.is_word(word)) return false;
    TokenReader ahead = reader;
    return !ahead.next().is_symbol('=');
  };
  for (; token.kind != TokenKind::kEnd; token = reader.next()) {
    if (token.kind == TokenKind::kUnterminated || (token.depth == 0 && token.is_symbol(';'))) {
      return std::nullopt;
    }
    if (is_keyword(token, "FROM")) {
      throw Failure(kUnknownTypeOfQuery,
                    "INSERT ... FROM INFILE reads a file of the client: send the rows as the "
                    "body of the request");
    }
    if (is_keyword(token, "SELECT") || is_keyword(token, "WITH") || is_keyword(token, "WATCH")) {
      refuse_input_function(reader);
      return std::nullopt;
    }
    if (is_keyword(token, "VALUES") && (token.end < text.size() || complete)) {
      return InsertStatement{std::string(text.substr(0, token.begin)), "Values",
                             rows_after(text, token.end)};
    }
    if (is_keyword(token, "FORMAT")) {
      const Token format = reader.next();
      if (format.kind != TokenKind::kWord) return std::nullopt;
      if (format.end == text.size() && !complete) return std::nullopt;
      return InsertStatement{std::string(text.substr(0, token.begin)), format.text,
                             rows_after(text, format.end)};
    }
  }
  return std::nullopt;
}

bool is_empty(std::string_view sql) {
  return first_token(sql).kind == TokenKind::kEnd;
}

bool is_select(std::string_view sql) {
  const Token token = first_token(sql);
  return token.is_word("SELECT") || token.is_word("WITH") || token.is_symbol('(');
}

bool is_kill_sync(std::string_view sql) {
  TokenReader reader(sql);
  if (!reader.next().is_word("KILL")) return false;
  for (Token token = reader.next(); token.kind != TokenKind::kEnd; token = reader.next()) {
    if (token.depth == 0 && token.is_word("SYNC")) return true;
  }
  return false;
}

std::string_view output_format(std::string_view sql, std::string_view fallback) {
  TokenReader reader(sql);
  std::string_view format = fallback;
  for (Token token = reader.next(); token.kind != TokenKind::kEnd; token = reader.next()) {
    if (token.depth != 0 || !token.is_word("FORMAT")) continue;
    TokenReader ahead = reader;
    const Token name = ahead.next();
    if (name.kind != TokenKind::kWord) continue;
    const Token after = ahead.next();
    if (after.kind == TokenKind::kEnd || after.is_symbol(';') || after.is_word("SETTINGS")) {
      format = name.text;
    }
  }
  return format;
}

bool is_concatenable(std::string_view format) {
  static constexpr std::string_view kFormats[] = {
      "CSV",
      "JSONCompactEachRow",
      "JSONCompactStringsEachRow",
      "JSONEachRow",
      "JSONLines",
      "JSONStringsEachRow",
      "MsgPack",
      "NDJSON",
      "Native",
      "RowBinary",
      "TSV",
      "TSVRaw",
      "TabSeparated",
      "TabSeparatedRaw",
      "Raw",
  };
  return std::find(std::begin(kFormats), std::end(kFormats), format) != std::end(kFormats);
}

}  // namespace chdb
