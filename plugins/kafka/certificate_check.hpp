// SPDX-License-Identifier: Apache-2.0
// Says why a broker's certificate is refused. librdkafka reports every cause in the same words, so
// OpenSSL's own verdict is kept here until the error arrives.
//
// It decides nothing: what OpenSSL refuses stays refused. note() is called by librdkafka's threads,
// fault() by the worker's.
#pragma once

#include <librdkafka/rdkafka.h>

#include <mutex>
#include <string>
#include <string_view>

namespace kafka {

class CertificateCheck {
 public:
  explicit CertificateCheck(std::string ca_location) : ca_location_(std::move(ca_location)) {}

  /// OpenSSL's verdict `error` of the certificate `der`, of the broker `broker` (host:port/id).
  void note(std::string_view broker, int error, std::string_view der);

  /// What was wrong with the last certificate that was refused, or "".
  std::string fault() const;

 private:
  const std::string ca_location_;
  mutable std::mutex mutex_;
  std::string fault_;
};

/// The sentence for such a verdict: which certificate, why, and what to do about it. Pure.
std::string certificate_fault(std::string_view broker, int error, std::string_view der,
                              const std::string& ca_location);

}  // namespace kafka
