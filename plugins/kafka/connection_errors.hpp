// SPDX-License-Identifier: Apache-2.0
// What librdkafka's sentences about a connection mean: who can't be reached, whose certificate is
// refused, which login. Pure functions.
//
// librdkafka gives one code to many causes and hides the cause in a sentence, so the sentences are
// read. One that is not recognised is passed on as it is.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "errors.hpp"

namespace kafka {

/// Host and port of the broker that a sentence of librdkafka begins with, or "".
std::string broker_of(std::string_view reason);

/// The diagnosis of a connection that was not made, was refused or was cut; nothing for an error
/// that is about something else. `certificate_fault` is what verification said of the broker's
/// certificate, if it did.
std::optional<Diagnosis> diagnose_connection(rd_kafka_resp_err_t error, std::string_view reason,
                                             const Options& options,
                                             std::string_view certificate_fault);

}  // namespace kafka
