// SPDX-License-Identifier: Apache-2.0
//
// cphost-load: fills and inspects Kafka topics for tests. See kLoadUsage.
#include <cstdio>
#include <exception>

#include "admin.hpp"
#include "load.hpp"
#include "load_options.hpp"

namespace {

constexpr int kExitUsage = 64;
constexpr int kExitCluster = 75;

std::string quoted(const std::string& text) {
  std::string json = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      json += '\\';
      json += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(c));
      json += escape;
    } else {
      json += c;
    }
  }
  return json + '"';
}

void print_offsets(const rows::LoadOptions& options) {
  rows::Admin admin = rows::make_admin(options);
  for (const rows::Offsets& offsets : admin.offsets(options.topic)) {
    std::printf(R"({"partition":%d,"low":%lld,"high":%lld})"
                "\n",
                offsets.partition, static_cast<long long>(offsets.low),
                static_cast<long long>(offsets.high));
  }
}

void print_committed(const rows::LoadOptions& options) {
  rows::Admin admin = rows::make_admin(options);
  for (const rows::Committed& committed : admin.committed(options.group, options.topic)) {
    std::printf(R"({"partition":%d,"offset":%lld,"metadata":%s})"
                "\n",
                committed.partition, static_cast<long long>(committed.offset),
                quoted(committed.metadata).c_str());
  }
}

void create_topic(const rows::LoadOptions& options) {
  rows::Admin admin = rows::make_admin(options);
  const int partitions = options.partitions > 0 ? options.partitions : rows::kDefaultPartitions;
  const bool created = admin.create_topic(options.topic, partitions, options.topic_config);
  std::printf(R"({"topic":"%s","partitions":%d,"created":%s})"
              "\n",
              options.topic.c_str(), created ? partitions : admin.partition_count(options.topic),
              created ? "true" : "false");
}

void add_partitions(const rows::LoadOptions& options) {
  rows::Admin admin = rows::make_admin(options);
  admin.add_partitions(options.topic, options.partitions);
}

void delete_records(const rows::LoadOptions& options) {
  rows::Admin admin = rows::make_admin(options);
  admin.delete_records(options.topic, static_cast<std::int64_t>(options.offset));
}

void commit(const rows::LoadOptions& options) {
  rows::Admin admin = rows::make_admin(options);
  admin.commit(options.group, options.topic, static_cast<std::int64_t>(options.offset));
}

void wait_group_empty(const rows::LoadOptions& options) {
  rows::Admin admin = rows::make_admin(options);
  if (!admin.wait_group_empty(options.group)) {
    throw rows::ClientError("group " + options.group + " still has members after " +
                            std::to_string(options.timeout_seconds) + " s");
  }
}

void run(const rows::LoadOptions& options) {
  switch (options.command) {
    case rows::Command::rows:
      return options.dump ? dump_rows(options) : load_rows(options);
    case rows::Command::oracle:
      return options.dump ? dump_oracle(options) : load_oracle(options);
    case rows::Command::topic_create:
      return create_topic(options);
    case rows::Command::partitions_add:
      return add_partitions(options);
    case rows::Command::records_delete:
      return delete_records(options);
    case rows::Command::commit:
      return commit(options);
    case rows::Command::offsets:
      return print_offsets(options);
    case rows::Command::committed:
      return print_committed(options);
    case rows::Command::group_wait_empty:
      return wait_group_empty(options);
  }
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const rows::LoadOptions options = rows::parse_load_options(argc, argv);
    rows::stop_on_signals();
    run(options);
    return 0;
  } catch (const rows::UsageError& error) {
    if (error.what()[0] == '\0') {
      std::fputs(rows::kLoadUsage, stdout);
      return 0;
    }
    std::fprintf(stderr, "cphost-load: %s\n\n", error.what());
    std::fputs(rows::kLoadUsage, stderr);
    return kExitUsage;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "cphost-load: %s\n", error.what());
    return kExitCluster;
  }
}
