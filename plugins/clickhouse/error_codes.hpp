// SPDX-License-Identifier: Apache-2.0
// What the host must do about an error of the server, of HTTP or of the connection: the one place
// that decides.
//
// A wrong "reject" throws good data out, a wrong "config" stops a pipe for an outage. So whatever
// is not known is retried for ever, loudly: it blocks the pipe and never touches data. Pure
// functions; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace clickhouse {

/// When it happened: the same answer (a missing table) is the user's to mend at start, and a
/// changed target later.
enum class Phase { kOpen, kWrite };

enum class Verdict : uint8_t {
  kRetry,       ///< An outage that ends by itself.
  kRetryLater,  ///< The same, but asking often makes it worse.
  kSchema,      ///< The target is missing or has changed: CONFIG at open, REOPEN in write.
  kReject,      ///< Some row is bad.
  kConfig,      ///< The user must act.
};

struct ErrorRule {
  int code;
  const char* name;  ///< As in system.errors: the stable code that users search for.
  Verdict verdict;
  const char* hint;  ///< What to do, or "".
};

/// Every code with a rule, in ascending order.
std::span<const ErrorRule> error_rules();

/// What is handed to the host.
struct Failure {
  int32_t status;           ///< CPHOST_*, negative.
  const char* code;         ///< Stable, in capitals, static.
  std::string text;         ///< One line.
  uint32_t retry_after_ms;  ///< 0: the host's own back-off.
  std::optional<int64_t>
      row;  ///< The row that the server named, from 0: of the block if names_table() says so,
  bool row_of_body = false;   ///< or if this does.
  bool nothing_sent = false;  ///< Of an insert: for certain the server has taken nothing.
};

/// The code of `Code: 60. DB::Exception: ...` (or `Code: 60, e.displayText() = ...`) wherever the
/// text has it.
std::optional<int> exception_code(std::string_view body);

/// An answer that says an insert or statement failed. `header_code` is X-ClickHouse-Exception-Code
/// or ""; `retry_after_s` the header Retry-After or 0.
Failure classify_answer(Phase phase, long http_status, std::string_view header_code,
                        std::string_view body, uint32_t retry_after_s);

/// Whether the text of a violated constraint is about that table, not about the target of a view on
/// it.
bool names_table(std::string_view text, std::string_view table);

/// A transfer that never became an answer: `curl_code` is a CURLcode, `detail` libcurl's own text.
Failure classify_transfer(int curl_code, std::string_view detail, std::string_view url);

}  // namespace clickhouse
