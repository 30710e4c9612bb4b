// SPDX-License-Identifier: Apache-2.0
#include "insert_settings.hpp"

#include <algorithm>
#include <array>

#include "sql_text.hpp"

namespace clickhouse {
namespace {

// Of these the first that the server knows is sent: the setting was renamed.
constexpr std::array<std::string_view, 2> kSynchronousDistributed = {
    "distributed_foreground_insert", "insert_distributed_sync"};

struct Refused {
  std::string_view prefix;
  std::string_view why;
};

constexpr const char* kDateTimeInput = "date_time_input_format";
constexpr const char* kTypesConversion = "input_format_native_allow_types_conversion";

constexpr std::string_view kDelivery = "the sink sets it: delivery rests on it";
constexpr std::string_view kProtocol = "the sink sets it: it is part of the request";
constexpr Refused kRefused[] = {
    {"async_insert", kDelivery},
    {"wait_for_async_insert", kDelivery},
    {"insert_deduplic", kDelivery},
    {"deduplicate_", kDelivery},
    {"distributed_foreground_insert", kDelivery},
    {"insert_distributed_sync", kDelivery},
    {"min_insert_block_size_", kDelivery},
    {"max_insert_block_size", kDelivery},
    {"input_format_", kDelivery},
    {kDateTimeInput, "the format's option of that name says it"},
    {"wait_end_of_query", kDelivery},
    {"http_", kProtocol},
    {"readonly", kProtocol},
    {"query", kProtocol},
    {"user", kProtocol},
    {"password", kProtocol},
    {"quota_key", kProtocol},
    {"database", kProtocol},
    {"default_format", kProtocol},
    {"compress", kProtocol},
    {"decompress", kProtocol},
    {"session_id", kProtocol},
    {"buffer_size", kProtocol},
    {"client_protocol_version", kProtocol},
    {"stacktrace", kProtocol},
    {"param_", kProtocol},
};

}  // namespace

const Settings& insert_settings() {
  static const Settings kSettings = {
      {"async_insert", "0"},
      // The token decides, not the content, and a repeated block is dropped in views' targets too.
      {"insert_deduplicate", "1"},
      {"deduplicate_insert", "enable"},
      {"deduplicate_blocks_in_dependent_materialized_views", "1"},
      // One block of the body is one block of the table: its number is part of what a token stands
      // for.
      {"min_insert_block_size_rows", "0"},
      {"min_insert_block_size_bytes", "0"},
      // Nulls become the column's DEFAULT; columns that are left out too; columns that the table
      // lacks are an error.
      {"input_format_null_as_default", "1"},
      {"input_format_defaults_for_omitted_fields", "1"},
      {"input_format_skip_unknown_fields", "0"},
      {kTypesConversion, "1"},
      {"input_format_native_decode_types_in_binary_format", "0"},
      {"input_format_allow_errors_num", "0"},
      {"input_format_allow_errors_ratio", "0"},
      {kDateTimeInput, "best_effort"},
  };
  return kSettings;
}

const Settings& json_settings() {
  static const Settings kSettings = {
      {"input_format_parallel_parsing", "0"},
      {"max_insert_block_size", "1000000000"},
      {"input_format_max_block_size_bytes", "0"},
  };
  return kSettings;
}

std::string known_settings_query() {
  std::string names = quote_string("insert_deduplication_token");
  for (const auto& setting : insert_settings()) names += ", " + quote_string(setting.first);
  for (const auto& setting : json_settings()) names += ", " + quote_string(setting.first);
  for (const std::string_view name : kSynchronousDistributed) names += ", " + quote_string(name);
  return "SELECT name FROM system.settings WHERE name IN (" + names + ") FORMAT TSV";
}

Settings settings_for(const std::set<std::string>& known, bool exact, const Settings& of_user,
                      std::string_view date_time_input) {
  Settings out;
  for (const auto& setting : insert_settings()) {
    if (!known.count(setting.first)) continue;
    out.push_back(setting);
    if (exact && setting.first == kTypesConversion) out.back().second = "0";
    if (setting.first == kDateTimeInput && !date_time_input.empty()) {
      out.back().second = date_time_input;
    }
  }
  for (const std::string_view name : kSynchronousDistributed) {
    if (known.count(std::string(name))) {
      out.emplace_back(name, "1");
      break;
    }
  }
  out.insert(out.end(), of_user.begin(), of_user.end());
  return out;
}

Settings json_settings_for(const std::set<std::string>& known) {
  Settings out;
  for (const auto& setting : json_settings()) {
    if (known.count(setting.first)) out.push_back(setting);
  }
  return out;
}

std::string why_refused(std::string_view name) {
  const auto* refused = std::find_if(std::begin(kRefused), std::end(kRefused),
                                     [&](const Refused& r) { return name.starts_with(r.prefix); });
  return refused == std::end(kRefused) ? std::string() : std::string(refused->why);
}

}  // namespace clickhouse
