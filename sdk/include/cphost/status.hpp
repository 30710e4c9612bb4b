// SPDX-License-Identifier: Apache-2.0
// cphost/status.hpp: what a call answers, and the exception that carries the reason of a failure.
//
// Inside a plugin return a Status, or throw Error (or anything else). The thunks of source.hpp,
// format.hpp and sink.hpp catch everything, tell the host why through env->fail, and return the
// status: no exception crosses the boundary. Throw at most once a call, never once a record:
// records that are bad go through the `out` object.
#pragma once

#include <exception>
#include <string>
#include <string_view>
#include <utility>

#include "abi.h"

namespace cphost {

// A view as the ABI passes it. The text must outlive the call that it is given to.
inline cphost_str str(std::string_view text) {
  return {text.data(), text.size()};
}

inline std::string_view view(cphost_str text) {
  return {text.data, static_cast<size_t>(text.size)};
}

enum class [[nodiscard]] Status : int32_t{
    ok = CPHOST_OK,         again = CPHOST_AGAIN,   done = CPHOST_DONE,
    retry = CPHOST_RETRY,   reopen = CPHOST_REOPEN, reject = CPHOST_REJECT,
    config = CPHOST_CONFIG, fatal = CPHOST_FATAL,   unsupported = CPHOST_UNSUPPORTED,
    halt = CPHOST_HALT};
using enum Status;

// Ends the call under way: `status` is what the host must do now, `code` a stable name in capitals
// that lives for ever (a literal), `text` a sentence that names the value and says what to do.
// Never a secret.
class Error : public std::exception {
 public:
  Error(Status status, const char* code, std::string text)
      : status_(status), code_(code), text_(std::move(text)) {}

  Status status() const noexcept { return status_; }
  const char* code() const noexcept { return code_; }
  const std::string& text() const noexcept { return text_; }
  const char* what() const noexcept override { return text_.c_str(); }

 private:
  Status status_;
  const char* code_;
  std::string text_;
};

}  // namespace cphost
