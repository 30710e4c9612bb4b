// SPDX-License-Identifier: Apache-2.0
// Gives librdkafka tokens for SASL OAUTHBEARER, of a file or of an identity provider, and the next
// one before the last one ends.
//
// prepare() goes before rd_kafka_new(), start() after it. From then on librdkafka's background
// thread calls refresh() when four fifths of a token's life are over; failure() may be asked by any
// thread. stop() before the client is destroyed.
#pragma once

#include <librdkafka/rdkafka.h>

#include <atomic>
#include <cphost/env.hpp>
#include <mutex>
#include <optional>
#include <string>

#include "errors.hpp"
#include "options.hpp"
#include "token.hpp"

namespace kafka {

class OauthLogin {
 public:
  /// Both must outlive this object.
  OauthLogin(const Options& options, const cphost::Env& env) : options_(options), env_(env) {}

  /// Whether the options ask for it; else none of the other functions does anything.
  bool is_wanted() const;

  static void prepare(rd_kafka_conf_t* config);
  static void start(rd_kafka_t* rk);
  void stop() { stopping_ = true; }

  /// [background] Sets the next token.
  void refresh(rd_kafka_t* rk);

  /// Why there is no token, while there is none.
  std::optional<Diagnosis> failure() const;

 private:
  Token next_token() const;
  Token read_file() const;
  bool set(rd_kafka_t* rk, const Token& token, std::string& error) const;
  void fail(rd_kafka_t* rk, bool is_outage, const std::string& text);

  const Options& options_;
  const cphost::Env& env_;
  std::atomic<bool> stopping_{false};
  Token last_;  // refresh() alone uses it
  mutable std::mutex mutex_;
  std::optional<Diagnosis> failure_;
};

}  // namespace kafka
