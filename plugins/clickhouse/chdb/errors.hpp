// SPDX-License-Identifier: Apache-2.0
// Failures as ClickHouse's HTTP clients know them: a code, a text that begins with it and the HTTP
// status that a server of the same release answers with.
//
// Pure: any thread may call everything here.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace chdb {

/// The codes this program raises by itself; all others come from the engine.
enum Code : int {
  kUnexpectedEndOfFile = 3,
  kCannotParseText = 6,
  kBadArguments = 36,
  kTooLargeSizeCompressed = 39,
  kChecksumDoesNotMatch = 40,
  kNotImplemented = 48,
  kSyntaxError = 62,
  kUnknownTypeOfQuery = 78,
  kUnknownCompressionMethod = 89,
  kUnknownSetting = 115,
  kTooManySimultaneousQueries = 202,
  kQueryIsTooLarge = 229,
  kCannotDecompress = 271,
  kZlibInflateFailed = 354,
  kHttpLengthRequired = 381,
  kAuthenticationFailed = 516,
  kZstdDecoderFailed = 561,
  kLz4DecoderFailed = 618,
  kUnknownException = 1002,
};

/// A request that failed and is answered with code(), text() and status().
class Failure : public std::runtime_error {
 public:
  /// Raised here: the text becomes `Code: N. DB::Exception: <message> (<NAME>)`.
  Failure(Code code, std::string_view message);
  Failure(Code code, std::string_view message, int status);

  /// An error text of the engine, kept as it is when it begins with `Code: N`.
  static Failure from_engine(std::string_view text);

  int code() const { return code_; }
  int status() const { return status_; }
  std::string_view text() const { return what(); }

 private:
  struct Complete {};
  Failure(Complete, int code, int status, const std::string& text);

  int code_;
  int status_;
};

/// The HTTP status for an exception code.
int http_status(int code);

/// N of a text that begins with `Code: N`, 0 of any other.
int code_of(std::string_view text);

}  // namespace chdb
