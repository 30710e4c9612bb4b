// SPDX-License-Identifier: Apache-2.0
#include "load_options.hpp"

#include <getopt.h>

#include <array>
#include <charconv>
#include <cstring>
#include <string_view>

namespace rows {

const char* const kLoadUsage =
    R"(cphost-load COMMAND [OPTION]...   fills and inspects Kafka topics for tests

  rows                     load generated JSON rows; row I goes to partition I % PARTITIONS
  oracle                   load records that carry partition, sequence number and checksum
  topic-create             create a topic
  partitions-add           give a topic as many partitions as --partitions says
  records-delete           delete what stands before --offset, as retention does
  offsets                  print the first and the next offset of each partition
  committed GROUP          print what the group has committed for the topic
  commit GROUP             commit --offset for each partition
  group-wait-empty GROUP   wait until the group has no members

All: --brokers HOST:PORT (127.0.0.1:9092)  --topic NAME (events)  --timeout SECONDS (120)
     -X KEY=VALUE librdkafka property
rows, oracle:
     --count N (1000000)  --partitions P (4 for a new topic)  --codec none|gzip|snappy|lz4|zstd
     --rate ROWS_PER_SECOND  --dump print to stdout instead  -c KEY=VALUE topic property
rows: --shape narrow|wide|nested|numbers|text (narrow)  --keys  --first INDEX  --rows-per-record R
     --transaction commit|abort: all of it in one
oracle: --malformed SHARE (0 to 1)  --seed N (1)
partitions-add: --partitions P
topic-create: --partitions P  -c KEY=VALUE topic property
records-delete, commit: --offset N

Results are JSON, one object a line. SIGTERM and SIGINT end a load early and cleanly.
Exit codes: 0 done, 64 wrong usage, 75 the cluster did not do it.
)";

namespace {

// Values beyond the letters, for options that have only a long name.
enum LongOption {
  kBrokers = 256,
  kTopic,
  kTimeout,
  kCount,
  kPartitions,
  kCodec,
  kRate,
  kDump,
  kShape,
  kKeys,
  kFirst,
  kOffset,
  kRowsPerRecord,
  kMalformed,
  kSeed,
  kTransaction,
  kHelp,
};

constexpr std::array<option, 18> kLongOptions = {{
    {"brokers", required_argument, nullptr, kBrokers},
    {"topic", required_argument, nullptr, kTopic},
    {"timeout", required_argument, nullptr, kTimeout},
    {"count", required_argument, nullptr, kCount},
    {"partitions", required_argument, nullptr, kPartitions},
    {"codec", required_argument, nullptr, kCodec},
    {"rate", required_argument, nullptr, kRate},
    {"dump", no_argument, nullptr, kDump},
    {"shape", required_argument, nullptr, kShape},
    {"keys", no_argument, nullptr, kKeys},
    {"first", required_argument, nullptr, kFirst},
    {"offset", required_argument, nullptr, kOffset},
    {"rows-per-record", required_argument, nullptr, kRowsPerRecord},
    {"malformed", required_argument, nullptr, kMalformed},
    {"seed", required_argument, nullptr, kSeed},
    {"transaction", required_argument, nullptr, kTransaction},
    {"help", no_argument, nullptr, kHelp},
    {nullptr, 0, nullptr, 0},
}};

template <typename Number>
Number parse_number(const char* name, std::string_view text, Number least, Number most) {
  Number value{};
  const char* end = text.data() + text.size();
  const std::from_chars_result result = std::from_chars(text.data(), end, value);
  if (result.ec != std::errc() || result.ptr != end || !(value >= least && value <= most)) {
    throw UsageError(std::string(name) + " " + std::string(text) + ": expected a number from " +
                     std::to_string(least) + " to " + std::to_string(most));
  }
  return value;
}

std::pair<std::string, std::string> parse_property(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0) {
    throw UsageError("\"" + std::string(text) + "\": expected KEY=VALUE");
  }
  return {std::string(text.substr(0, equals)), std::string(text.substr(equals + 1))};
}

Command parse_command(std::string_view name) {
  if (name == "rows") return Command::rows;
  if (name == "oracle") return Command::oracle;
  if (name == "topic-create") return Command::topic_create;
  if (name == "partitions-add") return Command::partitions_add;
  if (name == "records-delete") return Command::records_delete;
  if (name == "commit") return Command::commit;
  if (name == "offsets") return Command::offsets;
  if (name == "committed") return Command::committed;
  if (name == "group-wait-empty") return Command::group_wait_empty;
  if (name == "--help") throw UsageError("");
  throw UsageError("unknown command \"" + std::string(name) + "\"");
}

Shape parse_shape(std::string_view name) {
  for (std::size_t i = 0; i < kShapeNames.size(); ++i) {
    if (kShapeNames[i] == name) return static_cast<Shape>(i);
  }
  throw UsageError("--shape " + std::string(name) +
                   ": expected narrow, wide, nested, numbers or text");
}

void apply(int code, const char* value, LoadOptions& options) {
  constexpr std::uint64_t kMaxCount = 1'000'000'000'000;
  constexpr std::uint64_t kMaxRowsPerRecord = 10'000;
  switch (code) {
    case kBrokers:
      options.brokers = value;
      break;
    case kTopic:
      options.topic = value;
      break;
    case kTimeout:
      options.timeout_seconds = parse_number("--timeout", value, 0.0, 86'400.0);
      break;
    case kCount:
      options.count = parse_number("--count", value, std::uint64_t{0}, kMaxCount);
      break;
    case kPartitions:
      options.partitions = parse_number("--partitions", value, 1, 10'000);
      break;
    case kCodec:
      options.codec = value;
      break;
    case kRate:
      options.rate = parse_number("--rate", value, 0.001, 1e9);
      break;
    case kDump:
      options.dump = true;
      break;
    case kShape:
      options.shape = parse_shape(value);
      break;
    case kKeys:
      options.keys = true;
      break;
    case kFirst:
      options.first = parse_number("--first", value, std::uint64_t{0}, kMaxCount);
      break;
    case kOffset:
      options.offset = parse_number("--offset", value, std::uint64_t{0}, kMaxCount);
      break;
    case kRowsPerRecord:
      options.rows_per_record =
          parse_number("--rows-per-record", value, std::uint64_t{1}, kMaxRowsPerRecord);
      break;
    case kMalformed:
      options.malformed = parse_number("--malformed", value, 0.0, 1.0);
      break;
    case kSeed:
      options.seed = parse_number("--seed", value, std::uint64_t{0}, ~std::uint64_t{0});
      break;
    case kTransaction:
      options.transaction = value;
      if (options.transaction != "commit" && options.transaction != "abort") {
        throw UsageError("--transaction " + options.transaction + ": expected commit or abort");
      }
      break;
    case 'X':
      options.client.push_back(parse_property(value));
      break;
    case 'c':
      options.topic_config.push_back(parse_property(value));
      break;
    case kHelp:
      throw UsageError("");
    default:
      throw UsageError("unknown option, or one without its value");
  }
}

}  // namespace

LoadOptions parse_load_options(int argc, char** argv) {
  if (argc < 2) {
    throw UsageError("no command given");
  }
  LoadOptions options;
  options.command = parse_command(argv[1]);
  optind = 2;
  for (int code; (code = getopt_long(argc, argv, "X:c:", kLongOptions.data(), nullptr)) != -1;) {
    apply(code, optarg, options);
  }
  if (options.command == Command::committed || options.command == Command::commit ||
      options.command == Command::group_wait_empty) {
    if (optind == argc) {
      throw UsageError(std::string(argv[1]) + " needs the name of a group");
    }
    options.group = argv[optind++];
  }
  if (optind < argc) {
    throw UsageError(std::string("unexpected argument \"") + argv[optind] + "\"");
  }
  return options;
}

}  // namespace rows
