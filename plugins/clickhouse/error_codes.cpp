// SPDX-License-Identifier: Apache-2.0
#include "error_codes.hpp"

#include <cphost/abi.h>
#include <curl/curl.h>

#include <algorithm>
#include <charconv>

#include "sql_text.hpp"

namespace clickhouse {
namespace {

constexpr size_t kTextBytesMax = 1024;
constexpr uint32_t kRetryLaterMs = 5'000;
constexpr int kReadAfterEof = 32;
constexpr int kCannotConvertType = 70;
constexpr int kTooManyParts = 252;
constexpr int kViolatedConstraint = 469;

constexpr const char* kCheckTable = "create the table, or set create_table = true";
constexpr const char* kCheckColumns = "compare the pipe's columns with DESCRIBE TABLE";
constexpr const char* kCheckLogin = "check user and password";
constexpr const char* kCheckRights =
    "grant the user INSERT on the table, and SELECT on its columns for DESCRIBE";
constexpr const char* kCheckSettings = "check the sink's settings table";
constexpr const char* kOurStatement =
    "check engine, order_by, partition_by and ttl if the sink makes the table";

// Row errors can only be what the server finds while it casts, computes or checks values: a type
// that does not fit at all (43, 53) concerns every row, so it is the schema's; a body that is cut
// (3, 32, 33) is the connection's.
constexpr ErrorRule kRules[] = {
    {3, "UNEXPECTED_END_OF_FILE", Verdict::kRetry, ""},
    {6, "CANNOT_PARSE_TEXT", Verdict::kReject, ""},
    {8, "THERE_IS_NO_COLUMN", Verdict::kSchema, kCheckColumns},
    {10, "NOT_FOUND_COLUMN_IN_BLOCK", Verdict::kSchema, kCheckColumns},
    {16, "NO_SUCH_COLUMN_IN_TABLE", Verdict::kSchema, kCheckColumns},
    {20, "NUMBER_OF_COLUMNS_DOESNT_MATCH", Verdict::kSchema, kCheckColumns},
    {25, "CANNOT_PARSE_ESCAPE_SEQUENCE", Verdict::kReject, ""},
    {26, "CANNOT_PARSE_QUOTED_STRING", Verdict::kReject, ""},
    {27, "CANNOT_PARSE_INPUT_ASSERTION_FAILED", Verdict::kReject, ""},
    {32, "ATTEMPT_TO_READ_AFTER_EOF", Verdict::kRetry, ""},
    {33, "CANNOT_READ_ALL_DATA", Verdict::kRetry, ""},
    {36, "BAD_ARGUMENTS", Verdict::kConfig, kOurStatement},
    {38, "CANNOT_PARSE_DATE", Verdict::kReject, ""},
    {41, "CANNOT_PARSE_DATETIME", Verdict::kReject, ""},
    {43, "ILLEGAL_TYPE_OF_ARGUMENT", Verdict::kSchema, kCheckColumns},
    {44, "ILLEGAL_COLUMN", Verdict::kSchema, kCheckColumns},
    {46, "UNKNOWN_FUNCTION", Verdict::kConfig, kOurStatement},
    {47, "UNKNOWN_IDENTIFIER", Verdict::kSchema, kCheckColumns},
    {48, "NOT_IMPLEMENTED", Verdict::kConfig, ""},
    {50, "UNKNOWN_TYPE", Verdict::kSchema, kCheckColumns},
    {53, "TYPE_MISMATCH", Verdict::kSchema, kCheckColumns},
    {56, "UNKNOWN_STORAGE", Verdict::kConfig, "check the engine option"},
    {60, "UNKNOWN_TABLE", Verdict::kSchema, kCheckTable},
    {62, "SYNTAX_ERROR", Verdict::kConfig, kOurStatement},
    {69, "ARGUMENT_OUT_OF_BOUND", Verdict::kReject, ""},
    {70, "CANNOT_CONVERT_TYPE", Verdict::kReject, ""},
    {72, "CANNOT_PARSE_NUMBER", Verdict::kReject, ""},
    {73, "UNKNOWN_FORMAT", Verdict::kConfig, "the server must know the format Native"},
    {76, "CANNOT_OPEN_FILE", Verdict::kRetry, ""},
    {81, "UNKNOWN_DATABASE", Verdict::kSchema, "create the database"},
    {115, "UNKNOWN_SETTING", Verdict::kConfig, kCheckSettings},
    {117, "INCORRECT_DATA", Verdict::kReject, ""},
    {131, "TOO_LARGE_STRING_SIZE", Verdict::kReject, ""},
    {153, "ILLEGAL_DIVISION", Verdict::kReject, ""},
    {159, "TIMEOUT_EXCEEDED", Verdict::kRetry, ""},
    {164, "READONLY", Verdict::kConfig, "the user's profile must allow writing (readonly = 0)"},
    {190, "SIZES_OF_ARRAYS_DONT_MATCH", Verdict::kReject, ""},
    {192, "UNKNOWN_USER", Verdict::kConfig, kCheckLogin},
    {193, "WRONG_PASSWORD", Verdict::kConfig, kCheckLogin},
    {194, "REQUIRED_PASSWORD", Verdict::kConfig, kCheckLogin},
    {201, "QUOTA_EXCEEDED", Verdict::kRetryLater, ""},
    {202, "TOO_MANY_SIMULTANEOUS_QUERIES", Verdict::kRetryLater, ""},
    {203, "NO_FREE_CONNECTION", Verdict::kRetry, ""},
    {209, "SOCKET_TIMEOUT", Verdict::kRetry, ""},
    {210, "NETWORK_ERROR", Verdict::kRetry, ""},
    {216, "QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING", Verdict::kRetry, ""},
    {225, "NO_ZOOKEEPER", Verdict::kRetry, ""},
    {236, "ABORTED", Verdict::kRetry, ""},
    {241, "MEMORY_LIMIT_EXCEEDED", Verdict::kRetryLater,
     "if it stays, lower batch.max_rows and batch.max_bytes"},
    {242, "TABLE_IS_READ_ONLY", Verdict::kRetry, ""},
    {243, "NOT_ENOUGH_SPACE", Verdict::kRetryLater, "the server's disk is full"},
    {252, "TOO_MANY_PARTS", Verdict::kRetryLater,
     "merges fall behind: raise batch.max_wait and batch.max_rows"},
    {279, "ALL_CONNECTION_TRIES_FAILED", Verdict::kRetry, ""},
    {285, "TOO_FEW_LIVE_REPLICAS", Verdict::kRetry, ""},
    {286, "UNSATISFIED_QUORUM_FOR_PREVIOUS_WRITE", Verdict::kRetry, ""},
    {289, "REPLICA_IS_NOT_IN_QUORUM", Verdict::kRetry, ""},
    {306, "TOO_DEEP_RECURSION", Verdict::kReject, ""},
    {319, "UNKNOWN_STATUS_OF_INSERT", Verdict::kRetry, ""},
    {321, "VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE", Verdict::kReject, ""},
    {349, "CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN", Verdict::kReject, ""},
    {376, "CANNOT_PARSE_UUID", Verdict::kReject, ""},
    {394, "QUERY_WAS_CANCELLED", Verdict::kRetry, ""},
    {395, "FUNCTION_THROW_IF_VALUE_IS_NON_ZERO", Verdict::kReject, ""},
    {407, "DECIMAL_OVERFLOW", Verdict::kReject, ""},
    {425, "SYSTEM_ERROR", Verdict::kRetry, ""},
    {439, "CANNOT_SCHEDULE_TASK", Verdict::kRetry, ""},
    {441, "CANNOT_PARSE_DOMAIN_VALUE_FROM_STRING", Verdict::kReject, ""},
    {452, "SETTING_CONSTRAINT_VIOLATION", Verdict::kConfig, kCheckSettings},
    {469, "VIOLATED_CONSTRAINT", Verdict::kReject, ""},
    {497, "ACCESS_DENIED", Verdict::kConfig, kCheckRights},
    {511, "UNKNOWN_ROLE", Verdict::kConfig, "check the role"},
    {512, "SET_NON_GRANTED_ROLE", Verdict::kConfig, "grant the role to the user"},
    {516, "AUTHENTICATION_FAILED", Verdict::kConfig, kCheckLogin},
    {675, "CANNOT_PARSE_IPV4", Verdict::kReject, ""},
    {676, "CANNOT_PARSE_IPV6", Verdict::kReject, ""},
    {691, "UNKNOWN_ELEMENT_OF_ENUM", Verdict::kReject, ""},
    {999, "KEEPER_EXCEPTION", Verdict::kRetry, ""},
};

const ErrorRule* find_rule(int code) {
  const auto* end = std::end(kRules);
  const auto* rule = std::lower_bound(std::begin(kRules), end, code,
                                      [](const ErrorRule& r, int c) { return r.code < c; });
  return rule != end && rule->code == code ? rule : nullptr;
}

std::optional<int64_t> number_after(std::string_view text, std::string_view before) {
  const size_t at = text.find(before);
  if (at == text.npos) return std::nullopt;
  const char* begin = text.data() + at + before.size();
  int64_t value = 0;
  const auto end = std::from_chars(begin, text.data() + text.size(), value);
  if (end.ec != std::errc()) return std::nullopt;
  return value;
}

// One line of at most kTextBytesMax bytes: answers of proxies are whole web pages.
std::string one_line(std::string_view text) {
  std::string line(text.substr(0, kTextBytesMax));
  if (text.size() > kTextBytesMax) line += " ...";
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < ' ') c = ' ';
  }
  while (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

int32_t status_of(Verdict verdict, Phase phase) {
  switch (verdict) {
    case Verdict::kRetry:
    case Verdict::kRetryLater:
      return CPHOST_RETRY;
    case Verdict::kSchema:
      return phase == Phase::kOpen ? CPHOST_CONFIG : CPHOST_REOPEN;
    case Verdict::kReject:
      // Without a block there is no row to blame.
      return phase == Phase::kOpen ? CPHOST_CONFIG : CPHOST_REJECT;
    case Verdict::kConfig:
      return CPHOST_CONFIG;
  }
  return CPHOST_RETRY;
}

Failure with_hint(Failure failure, std::string_view hint) {
  if (!hint.empty()) failure.text.append("; ").append(hint);
  return failure;
}

constexpr std::string_view kJsonReader = "While executing JSONEachRowRowInputFormat";

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != text.npos;
}

// "db.view" of "...: while pushing to view db.view (uuid). (CODE)", quoted where it must be.
std::string view_after(std::string_view text) {
  std::string_view name = text.substr(0, text.find('\n'));
  name = name.substr(0, std::min(name.find(" ("), name.find(". (")));
  while (name.ends_with('.') || name.ends_with(' ')) name.remove_suffix(1);
  return one_line(name);
}

// 26.7 keeps the rows of a block when a view throws (unless the table deduplicates, each repetition
// would add them again), whatever the view's error is: an outage, a table that it lacks, a value.
std::optional<Failure> view_failure(std::string_view body) {
  constexpr std::string_view kPushing = "while pushing to view ";
  const size_t at = body.rfind(kPushing);
  if (at == body.npos) return std::nullopt;
  const std::string_view rest = body.substr(at + kPushing.size());
  // A value that says so is quoted, or stands in the error of a cast: neither was stored.
  if (has(rest, "'") || has(rest, "While executing Native") || has(rest, kJsonReader))
    return std::nullopt;
  const std::string view = view_after(rest);
  return Failure{CPHOST_HALT, "VIEW_FAILED",
                 "the view " + view +
                     " failed, and the rows of the block are in the table already: " +
                     one_line(body) + "; mend or drop the view " + view +
                     ". The next start inserts the block again: where the table remembers no "
                     "tokens, delete its "
                     "rows first or accept that they come twice; where it does, as exactly-once "
                     "delivery asks, "
                     "delete nothing",
                 0, std::nullopt};
}

// Codes that mean different things, which only the text tells apart.
Verdict verdict_of(const ErrorRule& rule, std::string_view body) {
  // Text that is too short for a number, not a body that ends too early.
  if (rule.code == kReadAfterEof && has(body, "while converting")) return Verdict::kReject;
  // The target's Enum is another one than when the writer was opened: no row is to blame.
  if (rule.code == kCannotConvertType && has(body, "Enum conversion changes value"))
    return Verdict::kSchema;
  return rule.verdict;
}

// The row, from 0, at which the server's JSON reader gave up: "... (at row 3)\n: While executing
// JSONEachRowRowInputFormat". The value stands before it and may say anything: the last one counts.
std::optional<int64_t> row_of_body(std::string_view body) {
  constexpr std::string_view kRow = "(at row ";
  const size_t reader = body.rfind(kJsonReader);
  if (reader == body.npos) return std::nullopt;
  const size_t at = body.rfind(kRow, reader);
  if (at == body.npos) return std::nullopt;
  const std::string_view rest = body.substr(at, reader - at);
  const auto row = number_after(rest, kRow);
  if (!row || *row < 1 || rest != std::string(kRow) + std::to_string(*row) + ")\n: ")
    return std::nullopt;
  return *row - 1;
}

// The server's JSON reader did not understand a value: whatever the code, that is the fault of a
// row. (From 1000 on are exceptions of no code of their own, lost connections among them.)
bool blames_a_value(Phase phase, int code, std::string_view body) {
  return phase == Phase::kWrite && code < 1000 && has(body, kJsonReader) &&
         has(body, "(while reading the value of key");
}

Failure classify_code(Phase phase, int code, std::string_view body) {
  if (phase == Phase::kWrite) {
    if (auto failure = view_failure(body)) return *failure;
  }
  const ErrorRule* rule = find_rule(code);
  if (!rule && blames_a_value(phase, code, body)) {
    return {CPHOST_REJECT, "VALUE_REFUSED", one_line(body), 0, row_of_body(body), true};
  }
  if (!rule) {
    return {CPHOST_RETRY, "UNKNOWN_SERVER_ERROR",
            "the server answered with an error that is not known to be transient; the pipe waits "
            "until it is gone: " +
                one_line(body),
            kRetryLaterMs, std::nullopt};
  }
  if (code == kTooManyParts && body.find("partitions for single INSERT") != body.npos) {
    // Smaller blocks touch fewer partitions, and a block of one row touches one: halving always
    // succeeds.
    return with_hint({phase == Phase::kOpen ? CPHOST_CONFIG : CPHOST_REJECT, "TOO_MANY_PARTITIONS",
                      one_line(body), 0, std::nullopt},
                     "the table's PARTITION BY is too fine for this data");
  }
  Verdict verdict = verdict_of(*rule, body);
  // A shard may have taken its part of the block: what is left must not go under other tokens.
  if (phase == Phase::kWrite && verdict == Verdict::kReject && !has(body, kJsonReader) &&
      (has(body, "while receiving packet") || has(body, "Received from"))) {
    return {CPHOST_RETRY, "REMOTE_SERVER", one_line(body), kRetryLaterMs, std::nullopt};
  }
  const bool of_value = (verdict == Verdict::kConfig || verdict == Verdict::kSchema) &&
                        blames_a_value(phase, code, body);
  if (of_value) verdict = Verdict::kReject;
  Failure failure{status_of(verdict, phase), rule->name, one_line(body),
                  verdict == Verdict::kRetryLater ? kRetryLaterMs : 0, std::nullopt};
  if (failure.status == CPHOST_REJECT && code == kViolatedConstraint) {
    // The server counts from 1 (26.7: the second of three rows is "row 2").
    failure.row = number_after(body, " at row ");
    if (failure.row) *failure.row -= 1;
  } else if (failure.status == CPHOST_REJECT) {
    failure.row = row_of_body(body);
    failure.row_of_body = failure.row.has_value();
  }
  return with_hint(std::move(failure), of_value ? "" : rule->hint);
}

Failure classify_http(Phase phase, long status, std::string_view body, uint32_t retry_after_s) {
  const std::string text = "the server answered HTTP " + std::to_string(status) +
                           (body.empty() ? std::string() : ": " + one_line(body));
  const auto failure = [&](int32_t what, const char* code) {
    return Failure{what, code, text, retry_after_s * 1000, std::nullopt};
  };
  if (status == 401 || status == 403)
    return with_hint(failure(CPHOST_CONFIG, "HTTP_AUTHENTICATION"), kCheckLogin);
  if (status == 413) {
    return with_hint(failure(CPHOST_CONFIG, "HTTP_BODY_TOO_LARGE"),
                     "raise the proxy's limit of a request body, or lower batch.max_bytes");
  }
  if (status >= 300 && status < 400) {
    return with_hint(failure(CPHOST_CONFIG, "HTTP_REDIRECT"),
                     "redirects are not followed: give the final address in url");
  }
  if (status == 408 || status == 425 || status == 429 || status >= 500)
    return failure(CPHOST_RETRY, "HTTP_UNAVAILABLE");
  if (status == 200) return failure(CPHOST_RETRY, "HTTP_UNEXPECTED_BODY");
  return with_hint(
      failure(phase == Phase::kOpen ? CPHOST_CONFIG : CPHOST_RETRY, "HTTP_UNEXPECTED_STATUS"),
      "check that url is ClickHouse's HTTP interface");
}

}  // namespace

std::span<const ErrorRule> error_rules() {
  return kRules;
}

std::optional<int> exception_code(std::string_view body) {
  for (size_t at = body.find("Code: "); at != body.npos; at = body.find("Code: ", at + 1)) {
    if (const auto code = number_after(body.substr(at), "Code: ")) return static_cast<int>(*code);
  }
  return std::nullopt;
}

Failure classify_answer(Phase phase, long http_status, std::string_view header_code,
                        std::string_view body, uint32_t retry_after_s) {
  std::optional<int> code;
  if (int value = 0;
      !header_code.empty() &&
      std::from_chars(header_code.data(), header_code.data() + header_code.size(), value).ec ==
          std::errc()) {
    code = value;
  } else {
    code = exception_code(body);
  }
  return code ? classify_code(phase, *code, body)
              : classify_http(phase, http_status, body, retry_after_s);
}

bool names_table(std::string_view text, std::string_view table) {
  constexpr std::string_view kBefore = " for table ";
  const size_t at = text.find(kBefore);
  if (at == text.npos) return false;
  std::string_view name = text.substr(at + kBefore.size());
  name = name.substr(0, name.find(" is violated"));
  if (name.ends_with(')')) name = name.substr(0, name.rfind(" ("));  // The table's UUID.
  if (!name.ends_with('`')) return name == table || name.ends_with("." + std::string(table));
  const std::string quoted = quote_identifier(table);
  return name == quoted || name.ends_with("." + quoted);
}

Failure classify_transfer(int curl_code, std::string_view detail, std::string_view url) {
  const std::string text = "cannot reach " + std::string(url) + ": " + one_line(detail);
  switch (curl_code) {
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
      return with_hint({CPHOST_CONFIG, "URL", text, 0, std::nullopt}, "check url");
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
      return with_hint({CPHOST_CONFIG, "TLS_CERTIFICATE", text, 0, std::nullopt},
                       "set ca_file to the authority that signed the server's certificate");
    case CURLE_SSL_CACERT_BADFILE:
      return with_hint({CPHOST_CONFIG, "TLS_CA_FILE", text, 0, std::nullopt}, "check ca_file");
    case CURLE_ABORTED_BY_CALLBACK:
      return {CPHOST_RETRY, "INTERRUPTED", "the request was interrupted", 0, std::nullopt};
    case CURLE_OPERATION_TIMEDOUT:
      return {CPHOST_RETRY, "TIMEOUT", text, 0, std::nullopt};
    default:
      return {CPHOST_RETRY, "UNREACHABLE", text, 0, std::nullopt};
  }
}

}  // namespace clickhouse
