// SPDX-License-Identifier: Apache-2.0
// The options of the Kafka source: one table that the host parses, checks and documents.
#pragma once

#include <chrono>
#include <cphost/options.hpp>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace kafka {

struct Options {
  std::string brokers;
  std::vector<std::string> topics;
  std::string group_id;
  std::string start;
  std::vector<std::pair<std::string, std::string>> start_offsets;
  std::string stop;
  std::vector<std::pair<std::string, std::string>> stop_offsets;
  std::string on_out_of_range;
  std::string client_id;
  std::string client_rack;
  std::string group_instance_id;
  std::chrono::milliseconds session_timeout{0};
  bool headers = false;
  std::string isolation_level;

  std::string security_protocol;
  std::string sasl_mechanism;
  std::string sasl_username;
  std::string sasl_password;
  std::string sasl_oauthbearer_token_file;
  std::string sasl_oauthbearer_token_endpoint_url;
  std::string sasl_oauthbearer_client_id;
  std::string sasl_oauthbearer_client_secret;
  std::string sasl_oauthbearer_scope;
  std::string sasl_oauthbearer_ca_location;
  std::vector<std::pair<std::string, std::string>> sasl_oauthbearer_extensions;
  std::string ssl_ca_location;
  std::string ssl_certificate_location;
  std::string ssl_key_location;
  std::string ssl_key_password;

  std::chrono::milliseconds max_poll_interval{0};
  std::chrono::milliseconds metadata_refresh{0};
  std::chrono::milliseconds stall_timeout{0};
  cphost::Bytes fetch_queue;
  cphost::Bytes fetch_partition_bytes;
  cphost::Bytes fetch_min_bytes;
  std::chrono::milliseconds fetch_max_wait{0};
  std::vector<std::pair<std::string, std::string>> librdkafka;
};

inline constexpr auto kOptions = cphost::options<Options>(
    cphost::required("brokers", &Options::brokers,
                     "Brokers to ask first, host:port, separated by commas."),
    cphost::required("topics", &Options::topics,
                     "Topics to read: names, and regular expressions that begin with ^."),
    cphost::required("group_id", &Options::group_id,
                     "Consumer group: its members share the partitions, and it keeps the "
                     "committed positions."),
    cphost::optional(
        "start", &Options::start, "earliest",
        "Where a partition without a committed position begins: earliest, latest, or a time, as in "
        "2026-01-31T12:00:00Z, in milliseconds since 1970, or -2h: so long before now.",
        cphost::pattern("/earliest|latest|[0-9]{1,18}|-[0-9]{1,12}(ms|s|m|h|d)|"
                        "[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}.*/")),
    cphost::optional("start_offsets", &Options::start_offsets, nullptr,
                     "Where partitions without a committed position begin, by their names, as in "
                     "{ \"orders/0\" = 1200 }; those not named begin as `start` says."),
    cphost::optional(
        "stop", &Options::stop, "never",
        "Where the run is over: at the end that the topics have when it begins, or in front of the "
        "first record of a time, written as in `start`; the group has committed all before it "
        "then.",
        cphost::pattern("/never|end|[0-9]{1,18}|-[0-9]{1,12}(ms|s|m|h|d)|"
                        "[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}.*/")),
    cphost::optional("stop_offsets", &Options::stop_offsets, nullptr,
                     "Where partitions end, by their names: the first offset that is not read; "
                     "those not named end as `stop` says."),
    cphost::optional(
        "on_out_of_range", &Options::on_out_of_range, "stop",
        "Where a partition goes on whose next offset the log does not hold any more, or not yet: "
        "stop ends the pipe, the others say in the log what they skip.",
        cphost::choice("stop|earliest|latest")),
    cphost::optional("client_id", &Options::client_id, "cphost",
                     "Name of this client in the brokers' logs and quotas."),
    cphost::optional("client_rack", &Options::client_rack, nullptr,
                     "Rack or zone of this host: brokers that are set up for it let it read from "
                     "the nearest replica."),
    cphost::optional("group_instance_id", &Options::group_instance_id, nullptr,
                     "Name of this host in the group, unique there: it keeps its partitions when "
                     "it is back within session_timeout. A worker adds its number."),
    cphost::optional("session_timeout", &Options::session_timeout, "45s",
                     "How long the group waits for a member that is silent before it gives its "
                     "partitions to others.",
                     cphost::range("1s..1h")),
    cphost::optional(
        "headers", &Options::headers, "false",
        "Adds the column _headers; reading headers takes time, so ask only when they are used."),
    cphost::optional("isolation_level", &Options::isolation_level, "read_committed",
                     "Whether records of transactions that were not committed are read.",
                     cphost::choice("read_committed|read_uncommitted")),

    cphost::optional("security_protocol", &Options::security_protocol, "plaintext",
                     "How to talk to the brokers.",
                     cphost::choice("plaintext|ssl|sasl_plaintext|sasl_ssl")),
    cphost::optional("sasl_mechanism", &Options::sasl_mechanism, nullptr,
                     "How to log in; GSSAPI is Kerberos, where librdkafka was built with it.",
                     cphost::choice("PLAIN|SCRAM-SHA-256|SCRAM-SHA-512|OAUTHBEARER|GSSAPI")),
    cphost::optional("sasl_username", &Options::sasl_username, nullptr, "User to log in as."),
    cphost::optional("sasl_password", &Options::sasl_password, nullptr, "Password of the user.",
                     cphost::secret),
    cphost::optional("sasl_oauthbearer_token_file", &Options::sasl_oauthbearer_token_file, nullptr,
                     "File of the token to log in with; it is read again before the token ends."),
    cphost::optional("sasl_oauthbearer_token_endpoint_url",
                     &Options::sasl_oauthbearer_token_endpoint_url, nullptr,
                     "Where tokens are asked for (OIDC, client credentials), again before one "
                     "ends."),
    cphost::optional("sasl_oauthbearer_client_id", &Options::sasl_oauthbearer_client_id, nullptr,
                     "Client to ask for tokens as."),
    cphost::optional("sasl_oauthbearer_client_secret", &Options::sasl_oauthbearer_client_secret,
                     nullptr, "Secret of that client.", cphost::secret),
    cphost::optional("sasl_oauthbearer_scope", &Options::sasl_oauthbearer_scope, nullptr,
                     "Scope to ask for, where the provider wants one."),
    cphost::optional("sasl_oauthbearer_ca_location", &Options::sasl_oauthbearer_ca_location,
                     nullptr,
                     "File of the certificates (PEM) that sign the token endpoint's; the system's "
                     "when absent.",
                     cphost::advanced),
    cphost::optional("sasl_oauthbearer_extensions", &Options::sasl_oauthbearer_extensions, nullptr,
                     "Pairs to send with the token (KIP-342), such as logicalCluster and "
                     "identityPoolId.",
                     cphost::advanced),
    cphost::optional("ssl_ca_location", &Options::ssl_ca_location, nullptr,
                     "File or folder of the certificates (PEM) that sign the brokers' ones; the "
                     "system's when absent."),
    cphost::optional("ssl_certificate_location", &Options::ssl_certificate_location, nullptr,
                     "File of the client's own certificate (PEM)."),
    cphost::optional("ssl_key_location", &Options::ssl_key_location, nullptr,
                     "File of the key (PEM) of the client's certificate."),
    cphost::optional("ssl_key_password", &Options::ssl_key_password, nullptr,
                     "Password of that key.", cphost::secret),

    cphost::optional("max_poll_interval", &Options::max_poll_interval, "5m",
                     "A member that does not poll for so long leaves the group.",
                     cphost::range("1s..24h") | cphost::advanced),
    cphost::optional("metadata_refresh", &Options::metadata_refresh, "1m",
                     "How often new topics and partitions are looked for.",
                     cphost::range("1s..1h") | cphost::advanced),
    cphost::optional("stall_timeout", &Options::stall_timeout, "2m",
                     "A partition that has records and delivers none for so long makes the "
                     "reader be opened again.",
                     cphost::range("1s..24h") | cphost::advanced),
    cphost::optional("fetch_queue", &Options::fetch_queue, "32MiB",
                     "Memory for records fetched ahead, a worker; the pipe's budget may lower it.",
                     cphost::range("1MiB..4GiB") | cphost::advanced),
    cphost::optional("fetch_partition_bytes", &Options::fetch_partition_bytes, "1MiB",
                     "Most bytes of one partition that one fetch brings.",
                     cphost::range("1KiB..1GiB") | cphost::advanced),
    cphost::optional(
        "fetch_min_bytes", &Options::fetch_min_bytes, "1B",
        "A broker answers a fetch when it has so many bytes, or fetch_max_wait is over.",
        cphost::range("1B..100MB") | cphost::advanced),
    cphost::optional("fetch_max_wait", &Options::fetch_max_wait, "500ms",
                     "How long a broker waits for fetch_min_bytes.",
                     cphost::range("1ms..5m") | cphost::advanced),
    cphost::optional("librdkafka", &Options::librdkafka, nullptr,
                     "More properties of librdkafka, by their names there; those that the plugin "
                     "owns, and those "
                     "that load code, are refused.",
                     cphost::advanced));

}  // namespace kafka
