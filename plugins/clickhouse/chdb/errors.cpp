// SPDX-License-Identifier: Apache-2.0
#include "errors.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>

namespace chdb {
namespace {

struct CodeStatus {
  int code;
  int status;
};

// As exceptionCodeToHTTPStatus.cpp of ClickHouse 26 has it, sorted by code. Whatever is missing is
// 500, among it 202, 241, 242, 252 and 319.
constexpr CodeStatus kStatuses[] = {
    {6, 400},   {8, 400},   {15, 400},  {25, 400},  {26, 400},  {27, 400},  {36, 400},  {37, 400},
    {38, 400},  {41, 400},  {44, 400},  {46, 404},  {47, 404},  {48, 501},  {50, 404},  {53, 400},
    {56, 404},  {60, 404},  {62, 400},  {63, 404},  {72, 400},  {73, 404},  {76, 503},  {78, 404},
    {81, 404},  {115, 404}, {117, 400}, {123, 400}, {152, 404}, {159, 408}, {167, 400}, {168, 400},
    {192, 403}, {193, 403}, {194, 401}, {209, 503}, {223, 400}, {229, 413}, {321, 400}, {336, 404},
    {376, 400}, {381, 411}, {427, 400}, {439, 503}, {441, 400}, {497, 403}, {511, 404}, {512, 403},
    {516, 403}, {675, 400}, {676, 400}, {779, 415},
};

std::string_view name_of(Code code) {
  switch (code) {
    case kUnexpectedEndOfFile:
      return "UNEXPECTED_END_OF_FILE";
    case kCannotParseText:
      return "CANNOT_PARSE_TEXT";
    case kBadArguments:
      return "BAD_ARGUMENTS";
    case kChecksumDoesNotMatch:
      return "CHECKSUM_DOESNT_MATCH";
    case kNotImplemented:
      return "NOT_IMPLEMENTED";
    case kSyntaxError:
      return "SYNTAX_ERROR";
    case kQueryIsTooLarge:
      return "QUERY_IS_TOO_LARGE";
    case kUnknownTypeOfQuery:
      return "UNKNOWN_TYPE_OF_QUERY";
    case kTooLargeSizeCompressed:
      return "TOO_LARGE_SIZE_COMPRESSED";
    case kUnknownCompressionMethod:
      return "UNKNOWN_COMPRESSION_METHOD";
    case kUnknownSetting:
      return "UNKNOWN_SETTING";
    case kTooManySimultaneousQueries:
      return "TOO_MANY_SIMULTANEOUS_QUERIES";
    case kCannotDecompress:
      return "CANNOT_DECOMPRESS";
    case kZlibInflateFailed:
      return "ZLIB_INFLATE_FAILED";
    case kHttpLengthRequired:
      return "HTTP_LENGTH_REQUIRED";
    case kAuthenticationFailed:
      return "AUTHENTICATION_FAILED";
    case kZstdDecoderFailed:
      return "ZSTD_DECODER_FAILED";
    case kLz4DecoderFailed:
      return "LZ4_DECODER_FAILED";
    case kUnknownException:
      return "UNKNOWN_EXCEPTION";
  }
  return "UNKNOWN_EXCEPTION";
}

std::string complete_text(Code code, std::string_view message) {
  std::string text = "Code: " + std::to_string(code) + ". DB::Exception: ";
  text.append(message).append(" (").append(name_of(code)).append(")");
  return text;
}

}  // namespace

Failure::Failure(Code code, std::string_view message) : Failure(code, message, http_status(code)) {}

Failure::Failure(Code code, std::string_view message, int status)
    : Failure(Complete{}, code, status, complete_text(code, message)) {}

Failure::Failure(Complete, int code, int status, const std::string& text)
    : std::runtime_error(text), code_(code), status_(status) {}

Failure Failure::from_engine(std::string_view text) {
  const int code = code_of(text);
  if (code == 0) return Failure(kUnknownException, text);
  return Failure(Complete{}, code, http_status(code), std::string(text));
}

int http_status(int code) {
  const auto* found =
      std::lower_bound(std::begin(kStatuses), std::end(kStatuses), code,
                       [](const CodeStatus& entry, int wanted) { return entry.code < wanted; });
  return found != std::end(kStatuses) && found->code == code ? found->status : 500;
}

int code_of(std::string_view text) {
  constexpr std::string_view kPrefix = "Code: ";
  if (text.substr(0, kPrefix.size()) != kPrefix) return 0;
  int code = 0;
  std::from_chars(text.data() + kPrefix.size(), text.data() + text.size(), code);
  return code;
}

}  // namespace chdb
