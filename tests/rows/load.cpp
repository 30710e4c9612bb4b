// SPDX-License-Identifier: Apache-2.0
#include "load.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <thread>

#include "oracle.hpp"
#include "producer.hpp"

namespace rows {
namespace {

using Clock = std::chrono::steady_clock;

volatile std::sig_atomic_t stop_requested = 0;

extern "C" void request_stop(int) {
  stop_requested = 1;
}

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

Properties producer_properties(const LoadOptions& options) {
  Properties properties = {
      {"bootstrap.servers", options.brokers},
      {"compression.codec", options.codec},
      // Each record exactly once and in order, also when a broker dies meanwhile: tests count them.
      {"enable.idempotence", "true"},
      // A broker that was killed is back in seconds; the default waits up to 10 s to look again.
      {"reconnect.backoff.max.ms", "500"},
      {"linger.ms", "20"},
      {"batch.size", "1000000"},
      {"batch.num.messages", "100000"},
      {"queue.buffering.max.messages", "200000"},
      {"queue.buffering.max.kbytes", "262144"},
  };
  if (!options.transaction.empty()) {
    properties.emplace_back("transactional.id", "cphost-load-" + options.topic);
  }
  properties.insert(properties.end(), options.client.begin(), options.client.end());
  return properties;
}

// Creates the topic when it is not there and returns its number of partitions.
int prepare_topic(const LoadOptions& options, Admin& admin) {
  const int wanted = options.partitions > 0 ? options.partitions : kDefaultPartitions;
  if (admin.create_topic(options.topic, wanted, options.topic_config)) {
    return wanted;
  }
  const int present = admin.partition_count(options.topic);
  if (options.partitions > 0 && options.partitions != present) {
    throw ClientError("topic " + options.topic + " has " + std::to_string(present) +
                      " partitions, not " + std::to_string(options.partitions));
  }
  return present;
}

// Holds a load back to `rate` rows a second and serves delivery reports meanwhile.
class Pace {
 public:
  Pace(double rate, Producer& producer) : rate_(rate), producer_(producer) {}

  void await(std::uint64_t rows_done) {
    if (rate_ == 0) {
      // Reports are cheap but not free: every record need not ask for them.
      if (++calls_ % 1024 == 0) {
        producer_.poll();
      }
      return;
    }
    while (stop_requested == 0 && seconds_since(begin_) * rate_ < static_cast<double>(rows_done)) {
      producer_.poll();
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
  }

 private:
  double rate_;
  Producer& producer_;
  Clock::time_point begin_ = Clock::now();
  std::uint64_t calls_ = 0;
};

// What was acknowledged, for the closing line.
class Summary {
 public:
  explicit Summary(int partitions) : spans_(static_cast<std::size_t>(partitions)) {}

  void add(std::int32_t partition, std::int64_t offset) {
    Span& span = spans_[static_cast<std::size_t>(partition)];
    span.first = span.next == 0 ? offset : std::min(span.first, offset);
    span.next = std::max(span.next, offset + 1);
    ++records_;
  }

  void print(const std::string& topic, std::uint64_t row_count, std::uint64_t bytes) const {
    std::printf(R"({"topic":"%s","records":%llu,"rows":%llu,"bytes":%llu,"seconds":%.3f,)",
                topic.c_str(), static_cast<unsigned long long>(records_),
                static_cast<unsigned long long>(row_count), static_cast<unsigned long long>(bytes),
                seconds_since(begin_));
    std::printf(R"("stopped":%s,"partitions":[)", stop_requested != 0 ? "true" : "false");
    const char* separator = "";
    for (std::size_t i = 0; i < spans_.size(); ++i) {
      if (spans_[i].next > 0) {
        std::printf(R"(%s{"partition":%zu,"first":%lld,"next":%lld})", separator, i,
                    static_cast<long long>(spans_[i].first),
                    static_cast<long long>(spans_[i].next));
        separator = ",";
      }
    }
    std::printf("]}\n");
    std::fflush(stdout);
  }

 private:
  struct Span {
    std::int64_t first = 0;
    std::int64_t next = 0;
  };

  Clock::time_point begin_ = Clock::now();
  std::vector<Span> spans_;
  std::uint64_t records_ = 0;
};

// Replaces `record` with the rows from `index` on that belong into one record; returns how many.
std::uint64_t build_record(const RowGenerator& generator, const LoadOptions& options,
                           std::uint64_t index, std::string& record) {
  const std::uint64_t end =
      std::min(index + options.rows_per_record, options.first + options.count);
  record.clear();
  for (std::uint64_t i = index; i < end; ++i) {
    generator.append(i, record);
    if (options.rows_per_record > 1) {
      record += '\n';
    }
  }
  return end - index;
}

void build_oracle_record(const LoadOptions& options, OraclePlace place, std::string& record) {
  record.clear();
  if (const std::optional<Damage> damage = damage_at(place, options.seed, options.malformed)) {
    append_damaged_record(place, options.seed, *damage, record);
  } else {
    append_oracle_record(place, record);
  }
}

void print_malformed(const LoadOptions& options, OraclePlace place, Damage damage) {
  std::string record;
  append_damaged_record(place, options.seed, damage, record);
  std::string hex;
  for (const char c : record) {
    const auto byte = static_cast<unsigned char>(c);
    hex += "0123456789abcdef"[byte >> 4];
    hex += "0123456789abcdef"[byte & 15];
  }
  std::printf(R"({"partition":%d,"offset":%lld,"damage":"%s","hex":"%s"})"
              "\n",
              place.partition, static_cast<long long>(place.sequence), to_string(damage),
              hex.c_str());
}

void print_line(const std::string& record) {
  std::fwrite(record.data(), 1, record.size(), stdout);
  std::fputc('\n', stdout);
}

}  // namespace

void stop_on_signals() {
  struct sigaction action {};
  action.sa_handler = request_stop;
  sigaction(SIGTERM, &action, nullptr);
  sigaction(SIGINT, &action, nullptr);
}

Admin make_admin(const LoadOptions& options) {
  Properties properties = {{"bootstrap.servers", options.brokers}};
  properties.insert(properties.end(), options.client.begin(), options.client.end());
  return {properties, options.timeout_seconds};
}

void load_rows(const LoadOptions& options) {
  Admin admin = make_admin(options);
  const int partitions = prepare_topic(options, admin);
  const RowGenerator generator(options.shape);
  Summary summary(partitions);
  Producer producer(producer_properties(options), options.topic,
                    [&summary](std::int32_t partition, std::int64_t offset, void*) {
                      summary.add(partition, offset);
                    });
  Pace pace(options.rate, producer);
  if (!options.transaction.empty()) producer.begin_transaction(options.timeout_seconds);

  std::string record;
  std::string key;
  std::uint64_t bytes = 0;
  std::uint64_t number = options.first;  // Of the record, which decides its partition.
  std::uint64_t index = options.first;
  for (; index < options.first + options.count && stop_requested == 0; ++number) {
    if (options.keys) {
      key = std::to_string(index);
    }
    index += build_record(generator, options, index, record);
    bytes += record.size();
    producer.produce(static_cast<std::int32_t>(number % static_cast<std::uint64_t>(partitions)),
                     key, record, nullptr);
    pace.await(index - options.first);
  }
  producer.flush(options.timeout_seconds);
  if (!options.transaction.empty()) {
    producer.end_transaction(options.transaction == "commit", options.timeout_seconds);
  }
  summary.print(options.topic, index - options.first, bytes);
}

void load_oracle(const LoadOptions& options) {
  Admin admin = make_admin(options);
  const int partitions = prepare_topic(options, admin);
  std::vector<std::int64_t> next;
  for (const Offsets& offsets : admin.offsets(options.topic)) {
    next.push_back(offsets.high);
  }

  Summary summary(partitions);
  std::string misplaced;
  const auto delivered = [&](std::int32_t partition, std::int64_t offset, void* tag) {
    const OraclePlace place{partition, static_cast<std::int64_t>(reinterpret_cast<intptr_t>(tag))};
    summary.add(partition, offset);
    if (offset != place.sequence && misplaced.empty()) {
      misplaced = "record " + std::to_string(place.sequence) + " of partition " +
                  std::to_string(partition) + " landed at offset " + std::to_string(offset) +
                  ": does something else write to topic " + options.topic + "?";
    }
    if (const std::optional<Damage> damage = damage_at(place, options.seed, options.malformed)) {
      print_malformed(options, place, *damage);
    }
  };
  Producer producer(producer_properties(options), options.topic, delivered);
  Pace pace(options.rate, producer);

  std::string record;
  std::uint64_t bytes = 0;
  std::uint64_t done = 0;
  while (done < options.count && stop_requested == 0) {
    const auto partition = static_cast<std::int32_t>(done % static_cast<std::uint64_t>(partitions));
    const OraclePlace place{partition, next[static_cast<std::size_t>(partition)]++};
    build_oracle_record(options, place, record);
    bytes += record.size();
    producer.produce(partition, {}, record,
                     reinterpret_cast<void*>(static_cast<intptr_t>(place.sequence)));
    pace.await(++done);
  }
  producer.flush(options.timeout_seconds);
  if (!misplaced.empty()) {
    throw ClientError(misplaced);
  }
  summary.print(options.topic, done, bytes);
}

void dump_rows(const LoadOptions& options) {
  const RowGenerator generator(options.shape);
  std::string record;
  for (std::uint64_t i = options.first; i < options.first + options.count; ++i) {
    record.clear();
    generator.append(i, record);
    print_line(record);
  }
}

void dump_oracle(const LoadOptions& options) {
  const auto partitions =
      static_cast<std::uint64_t>(options.partitions > 0 ? options.partitions : kDefaultPartitions);
  std::string record;
  for (std::uint64_t i = 0; i < options.count; ++i) {
    build_oracle_record(
        options,
        {static_cast<std::int32_t>(i % partitions), static_cast<std::int64_t>(i / partitions)},
        record);
    print_line(record);
  }
}

}  // namespace rows
