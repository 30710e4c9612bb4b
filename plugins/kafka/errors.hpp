// SPDX-License-Identifier: Apache-2.0
// What an error of Kafka or of librdkafka means for the pipe. Pure functions.
//
// librdkafka reconnects, finds new leaders and joins again by itself, so most errors ask for
// nothing but patience. The others stop the pipe, because only the user can act, or ask for a new
// client.
#pragma once

#include <librdkafka/rdkafka.h>

#include <string>
#include <string_view>

#include "options.hpp"

namespace kafka {

enum class Remedy {
  kWait,       // librdkafka recovers by itself: log it
  kSuspect,    // the same, but where nothing else comes for seconds, the user must act
  kReopen,     // this client is spent
  kConfigure,  // the user must act
  kHalt,       // the same, and opening again would do harm meanwhile
};

struct Diagnosis {
  Remedy remedy = Remedy::kWait;
  const char* code = "";  // stable, for the log and the error table
  std::string text;       // what failed and what to do about it
};

/// `reason` is librdkafka's own sentence, `certificate_fault` what is wrong with the broker's
/// certificate. A fatal error of librdkafka never means kWait.
Diagnosis diagnose(rd_kafka_resp_err_t error, std::string_view reason, const Options& options,
                   bool fatal = false, std::string_view certificate_fault = {});

/// Throws what `diagnosis` asks the host to do; kWait and kSuspect become RETRY.
[[noreturn]] void raise(const Diagnosis& diagnosis);

/// Whether the group has moved on without this member, so that what it wanted to commit is not
/// durable.
bool is_out_of_group(rd_kafka_resp_err_t error);

}  // namespace kafka
