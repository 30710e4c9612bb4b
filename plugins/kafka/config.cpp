// SPDX-License-Identifier: Apache-2.0
#include "config.hpp"

#include <algorithm>
#include <array>
#include <cphost/status.hpp>
#include <string>
#include <string_view>

#include "security.hpp"
#include "topics.hpp"

namespace kafka {
namespace {

[[noreturn]] void refuse(const char* code, const std::string& text) {
  throw cphost::Error(cphost::config, code, text);
}

class Setter {
 public:
  explicit Setter(rd_kafka_conf_t* config) : config_(config) {}

  /// `option` is the option that the value comes from, for the message.
  void set(const char* property, const std::string& value, const std::string& option) {
    char error[512];
    if (rd_kafka_conf_set(config_, property, value.c_str(), error, sizeof error) ==
        RD_KAFKA_CONF_OK) {
      return;
    }
    refuse("LIBRDKAFKA_OPTION", "option `" + option + "`: librdkafka " + rd_kafka_version_str() +
                                    " refuses " + property + ": " + error);
  }

  void set(const char* property, int64_t value, const std::string& option) {
    set(property, std::to_string(value), option);
  }

  void set_if_given(const char* property, const std::string& value, const std::string& option) {
    if (!value.empty()) set(property, value, option);
  }

 private:
  rd_kafka_conf_t* config_;
};

struct Forbidden {
  std::string_view property;
  std::string_view why;
};

constexpr std::string_view kRunsCode = "it loads code or runs commands";
constexpr std::string_view kOwned =
    "the delivery guarantee rests on the value that the plugin sets";
constexpr std::string_view kSecret = "a secret does not belong into a pipe file";

constexpr std::array kForbidden = {
    Forbidden{"plugin.library.paths", kRunsCode},
    Forbidden{"sasl.kerberos.kinit.cmd", kRunsCode},
    Forbidden{"ssl.engine.location", kRunsCode},
    Forbidden{"ssl.providers", kRunsCode},
    Forbidden{"opaque", kRunsCode},
    Forbidden{"enable.auto.commit", kOwned},
    Forbidden{"auto.commit.enable", kOwned},
    Forbidden{"auto.commit.interval.ms", kOwned},
    Forbidden{"enable.auto.offset.store", kOwned},
    Forbidden{"offset.store.method", kOwned},
    Forbidden{"auto.offset.reset", "use the options `start` and `on_out_of_range`"},
    Forbidden{"enable.partition.eof", kOwned},
    Forbidden{"partition.assignment.strategy", kOwned},
    Forbidden{"group.protocol", kOwned},
    Forbidden{"check.crcs", kOwned},
    Forbidden{"allow.auto.create.topics", kOwned},
    Forbidden{"log.queue", kOwned},
    Forbidden{"queued.min.messages", "use the option `fetch_queue`"},
    Forbidden{"queued.max.messages.kbytes", "use the option `fetch_queue`"},
    Forbidden{"fetch.max.bytes", "use the option `fetch_queue`"},
    Forbidden{"bootstrap.servers", "use the option `brokers`"},
    Forbidden{"metadata.broker.list", "use the option `brokers`"},
    Forbidden{"group.id", "use the option `group_id`"},
    Forbidden{"client.id", "use the option `client_id`"},
    Forbidden{"client.rack", "use the option `client_rack`"},
    Forbidden{"group.instance.id", "use the option `group_instance_id`"},
    Forbidden{"isolation.level", "use the option `isolation_level`"},
    Forbidden{"session.timeout.ms", "use the option `session_timeout`"},
    Forbidden{"max.poll.interval.ms", "use the option `max_poll_interval`"},
    Forbidden{"topic.metadata.refresh.interval.ms", "use the option `metadata_refresh`"},
    Forbidden{"topic.blacklist", "use the option `topics`"},
    Forbidden{"fetch.min.bytes", "use the option `fetch_min_bytes`"},
    Forbidden{"fetch.wait.max.ms", "use the option `fetch_max_wait`"},
    Forbidden{"fetch.message.max.bytes", "use the option `fetch_partition_bytes`"},
    Forbidden{"max.partition.fetch.bytes", "use the option `fetch_partition_bytes`"},
    Forbidden{"security.protocol", "use the option `security_protocol`"},
    Forbidden{"sasl.mechanism", "use the option `sasl_mechanism`"},
    Forbidden{"sasl.mechanisms", "use the option `sasl_mechanism`"},
    Forbidden{"sasl.username", "use the option `sasl_username`"},
    Forbidden{"sasl.password", "use the option `sasl_password`"},
    Forbidden{"ssl.ca.location", "use the option `ssl_ca_location`"},
    Forbidden{"ssl.certificate.location", "use the option `ssl_certificate_location`"},
    Forbidden{"ssl.key.location", "use the option `ssl_key_location`"},
    Forbidden{"ssl.key.password", "use the option `ssl_key_password`"},
    Forbidden{"ssl.key.pem", kSecret},
    Forbidden{"ssl.keystore.password", kSecret},
    Forbidden{"sasl.oauthbearer.client.secret", "use the option `sasl_oauthbearer_client_secret`"},
    Forbidden{"sasl.kerberos.min.time.before.relogin", kRunsCode},
    // Errors are told by what these events say.
    Forbidden{"log.connection.close", kOwned},
    Forbidden{"enabled_events", kOwned},
};

void set_security(Setter& setter, const Options& options) {
  check_security(options);
  setter.set("security.protocol", options.security_protocol, "security_protocol");
  setter.set_if_given("sasl.mechanisms", options.sasl_mechanism, "sasl_mechanism");
  setter.set_if_given("sasl.username", options.sasl_username, "sasl_username");
  setter.set_if_given("sasl.password", options.sasl_password, "sasl_password");
  if (options.sasl_mechanism == "GSSAPI") {
    // The ticket is the system's affair: nothing is run to renew it.
    setter.set("sasl.kerberos.min.time.before.relogin", 0, "sasl_mechanism");
  }
  if (options.security_protocol.ends_with("ssl")) {
    setter.set("ssl.endpoint.identification.algorithm", "https", "security_protocol");
  }
  setter.set_if_given("ssl.ca.location", options.ssl_ca_location, "ssl_ca_location");
  setter.set_if_given("ssl.certificate.location", options.ssl_certificate_location,
                      "ssl_certificate_location");
  setter.set_if_given("ssl.key.location", options.ssl_key_location, "ssl_key_location");
  setter.set_if_given("ssl.key.password", options.ssl_key_password, "ssl_key_password");
}

void set_group(Setter& setter, const Options& options, uint32_t worker) {
  setter.set("bootstrap.servers", options.brokers, "brokers");
  setter.set("client.id", options.client_id, "client_id");
  setter.set("group.id", options.group_id, "group_id");
  setter.set_if_given("client.rack", options.client_rack, "client_rack");
  if (!options.group_instance_id.empty()) {
    setter.set("group.instance.id", options.group_instance_id + "-" + std::to_string(worker),
               "group_instance_id");
  }
  setter.set("session.timeout.ms", options.session_timeout.count(), "session_timeout");
  setter.set("heartbeat.interval.ms",
             std::clamp<int64_t>(options.session_timeout.count() / 10, 100, 3000),
             "session_timeout");
  setter.set("max.poll.interval.ms",
             std::max(options.max_poll_interval, options.session_timeout).count(),
             "max_poll_interval");
  setter.set("topic.metadata.refresh.interval.ms", options.metadata_refresh.count(),
             "metadata_refresh");
  if (!names_internal_topics(options.topics)) setter.set("topic.blacklist", "^__", "topics");
  // Cooperative assignment loses commits that are made during a rebalance before librdkafka 2.10.
  setter.set("partition.assignment.strategy", "range", "group_id");
  setter.set("enable.auto.commit", "false", "group_id");
  setter.set("enable.auto.offset.store", "false", "group_id");
}

// librdkafka counts payload; a message of 177 bytes takes three times as much, most of it a fixed
// part. So the queue is limited in messages as well, and what a fetch brings at once is only an
// eighth.
void set_fetching(Setter& setter, const Options& options, int64_t memory) {
  constexpr int64_t kMessageOverhead = 512;
  const int64_t queue_bytes = std::clamp<int64_t>(memory / 2, 64 << 10, int64_t{1} << 30);
  const int64_t fetch_bytes = std::clamp<int64_t>(memory / 8, 1 << 20, 50 << 20);
  setter.set("queued.max.messages.kbytes", queue_bytes / 1024, "fetch_queue");
  setter.set("queued.min.messages",
             std::clamp<int64_t>(memory * 3 / 4 / kMessageOverhead, 100, 10'000'000),
             "fetch_queue");
  setter.set("fetch.max.bytes", fetch_bytes, "fetch_queue");
  setter.set("fetch.message.max.bytes",
             std::min(static_cast<int64_t>(options.fetch_partition_bytes.value), fetch_bytes),
             "fetch_partition_bytes");
  setter.set("fetch.min.bytes", static_cast<int64_t>(options.fetch_min_bytes.value),
             "fetch_min_bytes");
  setter.set("fetch.wait.max.ms", options.fetch_max_wait.count(), "fetch_max_wait");
  if (is_at_least(kVersionQueueBackoff)) setter.set("fetch.queue.backoff.ms", 5, "fetch_queue");
  setter.set("isolation.level", options.isolation_level, "isolation_level");
  setter.set("check.crcs", "true", "librdkafka");
  setter.set("allow.auto.create.topics", "false", "topics");
  // Ends of bounded runs, and gaps at the end of a log (control records), are told by this event.
  setter.set("enable.partition.eof", "true", "stop");
  // A committed position that the log no longer holds is an error: any jump would lose records
  // silently.
  setter.set("auto.offset.reset", "error", "on_out_of_range");
}

void set_given(Setter& setter, const Options& options) {
  for (const auto& [property, value] : options.librdkafka) {
    const auto forbidden =
        std::find_if(kForbidden.begin(), kForbidden.end(),
                     [&property = property](const auto& f) { return f.property == property; });
    if (forbidden != kForbidden.end() || property.ends_with("_cb")) {
      const auto why = forbidden == kForbidden.end() ? kRunsCode : forbidden->why;
      refuse("LIBRDKAFKA_OPTION",
             "option `librdkafka`: " + property + " can't be set here: " + std::string(why));
    }
    setter.set(property.c_str(), value, "librdkafka");
  }
}

}  // namespace

ConfigPtr make_config(const Options& options, int64_t fetch_memory, uint32_t worker) {
  ConfigPtr config(rd_kafka_conf_new());
  Setter setter(config.get());
  // librdkafka's own limit, 10 s, would make each restart of a broker a gap of that length.
  setter.set("reconnect.backoff.max.ms", 2000, "librdkafka");
  set_group(setter, options, worker);
  set_security(setter, options);
  set_fetching(setter, options, fetch_memory);
  set_given(setter, options);
  return config;
}

}  // namespace kafka
