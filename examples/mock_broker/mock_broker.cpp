// SPDX-License-Identifier: Apache-2.0
//
// cphost-mock-broker: a Kafka broker to try a pipe against where there is none. It is librdkafka's
// mock cluster in this very process, on a free loopback port, with one topic of generated JSON
// rows. It keeps everything in memory, at most 5 MB a partition, and forgets it at the end. See
// kUsage.
#include <getopt.h>
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include "rows.hpp"

namespace {

constexpr int kExitUsage = 64;
constexpr int kExitFailed = 70;
constexpr int kTimeoutMs = 120'000;

constexpr const char* kUsage =
    R"(cphost-mock-broker [OPTION]...   a Kafka broker in memory with one topic of JSON rows

  --topic NAME      (events)
  --rows N          how many rows to load (1000000)
  --partitions P    row I goes to partition I % P; each holds 5 MB (64)
  --codec NAME      none, gzip, snappy, lz4 or zstd (none)
  --wide            rows of 235 bytes instead of 177

Prints "brokers 127.0.0.1:PORT" once all rows are there and serves until its standard input ends or
SIGTERM or SIGINT comes.
)";

// Its message is empty when the user asked for help.
struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Options {
  std::string topic = "events";
  std::uint64_t rows = 1'000'000;
  int partitions = 64;
  std::string codec = "none";
  rows::Shape shape = rows::Shape::narrow;
};

struct HandleDeleter {
  void operator()(rd_kafka_t* handle) const { rd_kafka_destroy(handle); }
};
struct ClusterDeleter {
  void operator()(rd_kafka_mock_cluster_t* cluster) const {
    rd_kafka_mock_cluster_destroy(cluster);
  }
};
struct TopicDeleter {
  void operator()(rd_kafka_topic_t* topic) const { rd_kafka_topic_destroy(topic); }
};
using Handle = std::unique_ptr<rd_kafka_t, HandleDeleter>;
using Cluster = std::unique_ptr<rd_kafka_mock_cluster_t, ClusterDeleter>;
using Topic = std::unique_ptr<rd_kafka_topic_t, TopicDeleter>;

template <typename Number>
Number parse_number(std::string_view text, Number least, Number most) {
  Number value{};
  const char* end = text.data() + text.size();
  const std::from_chars_result result = std::from_chars(text.data(), end, value);
  if (result.ec != std::errc() || result.ptr != end || value < least || value > most) {
    throw UsageError("\"" + std::string(text) + "\": expected a number from " +
                     std::to_string(least) + " to " + std::to_string(most));
  }
  return value;
}

Options parse_options(int argc, char** argv) {
  constexpr std::array<option, 7> kLong = {{{"topic", required_argument, nullptr, 't'},
                                            {"rows", required_argument, nullptr, 'n'},
                                            {"partitions", required_argument, nullptr, 'p'},
                                            {"codec", required_argument, nullptr, 'z'},
                                            {"wide", no_argument, nullptr, 'w'},
                                            {"help", no_argument, nullptr, 'h'},
                                            {nullptr, 0, nullptr, 0}}};
  Options options;
  for (int code; (code = getopt_long(argc, argv, "", kLong.data(), nullptr)) != -1;) {
    switch (code) {
      case 't':
        options.topic = optarg;
        break;
      case 'n':
        options.rows = parse_number(optarg, std::uint64_t{0}, std::uint64_t{1'000'000'000});
        break;
      case 'p':
        options.partitions = parse_number(optarg, 1, 10'000);
        break;
      case 'z':
        options.codec = optarg;
        break;
      case 'w':
        options.shape = rows::Shape::wide;
        break;
      case 'h':
        throw UsageError("");
      default:
        throw UsageError("unknown option, or one without its value");
    }
  }
  if (optind < argc) {
    throw UsageError(std::string("unexpected argument \"") + argv[optind] + "\"");
  }
  return options;
}

Handle make_client(const Options& options, const char* brokers) {
  const std::array<std::pair<const char*, const char*>, 6> properties = {{
      {"bootstrap.servers", brokers},
      {"compression.codec", options.codec.c_str()},
      {"linger.ms", "20"},
      // The broker drops whole batches from the front of a full partition: small ones waste less.
      {"batch.size", "100000"},
      {"queue.buffering.max.messages", "200000"},
      {"log_level", "4"},
  }};
  std::array<char, 512> error;
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  for (const auto& [key, value] : properties) {
    if (value[0] != '\0' &&
        rd_kafka_conf_set(conf, key, value, error.data(), error.size()) != RD_KAFKA_CONF_OK) {
      rd_kafka_conf_destroy(conf);
      throw UsageError(error.data());
    }
  }
  Handle handle(rd_kafka_new(RD_KAFKA_PRODUCER, conf, error.data(), error.size()));
  if (!handle) {
    rd_kafka_conf_destroy(conf);
    throw std::runtime_error(error.data());
  }
  return handle;
}

void load(const Options& options, rd_kafka_t* client) {
  Topic topic(rd_kafka_topic_new(client, options.topic.c_str(), nullptr));
  const rows::RowGenerator generator(options.shape);
  std::string row;
  for (std::uint64_t i = 0; i < options.rows; ++i) {
    row.clear();
    generator.append(i, row);
    const auto partition =
        static_cast<std::int32_t>(i % static_cast<std::uint64_t>(options.partitions));
    while (rd_kafka_produce(topic.get(), partition, RD_KAFKA_MSG_F_COPY, row.data(), row.size(),
                            nullptr, 0, nullptr) != 0) {
      if (rd_kafka_last_error() != RD_KAFKA_RESP_ERR__QUEUE_FULL) {
        throw std::runtime_error(std::string("cannot load row ") + std::to_string(i) + ": " +
                                 rd_kafka_err2str(rd_kafka_last_error()));
      }
      rd_kafka_poll(client, 20);
    }
  }
  if (rd_kafka_flush(client, kTimeoutMs) != RD_KAFKA_RESP_ERR_NO_ERROR) {
    throw std::runtime_error("the mock cluster did not take all rows in time");
  }
}

// The mock cluster drops the oldest rows of a full partition without a word.
std::uint64_t count_kept(const Options& options, rd_kafka_t* client) {
  std::uint64_t kept = 0;
  for (std::int32_t partition = 0; partition < options.partitions; ++partition) {
    std::int64_t low = 0;
    std::int64_t high = 0;
    const rd_kafka_resp_err_t code = rd_kafka_query_watermark_offsets(
        client, options.topic.c_str(), partition, &low, &high, kTimeoutMs);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
      throw std::runtime_error(std::string("cannot count the rows: ") + rd_kafka_err2str(code));
    }
    kept += static_cast<std::uint64_t>(high - low);
  }
  return kept;
}

// Signals arrive as readable data, so that one wait serves them and standard input.
int block_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  return signalfd(-1, &set, SFD_CLOEXEC);
}

void await_end(int signals) {
  std::array<pollfd, 2> waits = {{{STDIN_FILENO, POLLIN, 0}, {signals, POLLIN, 0}}};
  std::array<char, 256> ignored;
  for (;;) {
    if (poll(waits.data(), waits.size(), -1) < 0) {
      continue;
    }
    if (waits[1].revents != 0) {
      return;
    }
    if (waits[0].revents != 0 && read(STDIN_FILENO, ignored.data(), ignored.size()) <= 0) {
      return;
    }
  }
}

void serve(const Options& options) {
  const int signals = block_signals();  // Before librdkafka starts threads, which inherit the mask.
  const Handle owner = make_client(options, "");
  const Cluster cluster(rd_kafka_mock_cluster_new(owner.get(), 1));
  if (!cluster) {
    throw std::runtime_error("cannot start librdkafka's mock cluster on 127.0.0.1");
  }
  const rd_kafka_resp_err_t code =
      rd_kafka_mock_topic_create(cluster.get(), options.topic.c_str(), options.partitions, 1);
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
    throw std::runtime_error("cannot create topic " + options.topic + ": " +
                             rd_kafka_err2str(code));
  }
  const char* brokers = rd_kafka_mock_cluster_bootstraps(cluster.get());
  {
    const Handle client = make_client(options, brokers);
    load(options, client.get());
    const std::uint64_t kept = count_kept(options, client.get());
    if (kept != options.rows) {
      throw std::runtime_error("the mock cluster kept " + std::to_string(kept) + " of " +
                               std::to_string(options.rows) + " rows, for it keeps 5 MB a " +
                               "partition: raise --partitions, or compress with --codec");
    }
  }
  std::printf("topic %s rows %llu partitions %d\nbrokers %s\n", options.topic.c_str(),
              static_cast<unsigned long long>(options.rows), options.partitions, brokers);
  std::fflush(stdout);
  await_end(signals);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    serve(parse_options(argc, argv));
    return 0;
  } catch (const UsageError& error) {
    if (error.what()[0] == '\0') {
      std::fputs(kUsage, stdout);
      return 0;
    }
    std::fprintf(stderr, "cphost-mock-broker: %s\n\n", error.what());
    std::fputs(kUsage, stderr);
    return kExitUsage;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "cphost-mock-broker: %s\n", error.what());
    return kExitFailed;
  }
}
