// SPDX-License-Identifier: Apache-2.0
// What does it cost to turn JSON records into columns? The decoder alone, over batches that are in
// memory: nanoseconds a row, and heap allocations a row once it is warm (which must be 0).
#include <benchmark/benchmark.h>

#include <atomic>
#include <cstdlib>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "../plugins/json/decoder.hpp"
#include "../tests/rows/rows.hpp"

namespace {

std::atomic<uint64_t> allocations{0};

constexpr uint32_t kBatch = 4096;
constexpr uint32_t kBatches = 16;

using Columns = std::vector<std::pair<const char*, const char*>>;

const Columns kNarrow = {{"id", "UInt64"},      {"ts", "DateTime64(3, 'UTC')"},
                         {"user_id", "UInt32"}, {"event", "String"},
                         {"country", "String"}, {"price", "Float64"},
                         {"qty", "Int32"},      {"ok", "Bool"},
                         {"session", "String"}, {"note", "Nullable(String)"}};

const Columns kWide = {{"id", "UInt64"},  {"ts", "DateTime64(3, 'UTC')"},
                       {"code", "Int32"}, {"val", "Float64"},
                       {"s1", "String"},  {"s2", "String"},
                       {"s3", "String"},  {"host", "String"},
                       {"ok", "Bool"},    {"note", "Nullable(String)"}};

const Columns kNested = {{"event_id", "String"},
                         {"ts", "DateTime64(3, 'UTC')"},
                         {"received_at", "DateTime64(3, 'UTC')"},
                         {"type", "LowCardinality(String)"},
                         {"seq", "UInt64"},
                         {"version", "UInt8"},
                         {"user",
                          "Tuple(id UInt32, name String, email String, plan String, active Bool, "
                          "score Float64, address Tuple(street String, city String, zip String, "
                          "country String, lat Float64, lon Float64))"},
                         {"device",
                          "Tuple(os String, os_version String, model String, "
                          "screen Tuple(w UInt16, h UInt16), ua String)"},
                         {"page", "Tuple(url String, referrer Nullable(String), title String)"},
                         {"order",
                          "Tuple(id UInt64, currency String, total Float64, tax Float64, "
                          "items Array(Tuple(sku String, name String, qty UInt8, "
                          "price Float64)))"},
                         {"geo", "Tuple(ip IPv4, asn UInt32, tz String)"},
                         {"utm", "Map(String, String)"},
                         {"tags", "Array(String)"},
                         {"flags", "Tuple(beta Bool, bot Bool, first Bool)"},
                         {"text", "String"},
                         {"ratio", "Float64"},
                         {"note", "Nullable(String)"}};

const Columns kNumbers = {
    {"id", "UInt64"},         {"i0", "Int64"},          {"i1", "Int64"},
    {"i2", "Int64"},          {"i3", "Int64"},          {"i4", "Int64"},
    {"i5", "Int32"},          {"i6", "Int32"},          {"i7", "Int32"},
    {"f0", "Float64"},        {"f1", "Float64"},        {"f2", "Float64"},
    {"f3", "Float64"},        {"f4", "Float64"},        {"f5", "Float64"},
    {"f6", "Float64"},        {"f7", "Float64"},        {"d0", "Decimal(18, 4)"},
    {"d1", "Decimal(18, 4)"}, {"d2", "Decimal(18, 4)"}, {"d3", "Decimal(38, 4)"},
    {"e", "Array(Float64)"}};

const Columns kText = {{"id", "UInt64"},
                       {"title", "String"},
                       {"body", "String"},
                       {"summary", "String"},
                       {"path", "String"}};

// One batch of records, as a source hands it over.
struct Batch {
  std::string data;
  std::vector<int32_t> offsets{0};
  const void* value_buffers[3];
  const void* root_buffers[1] = {nullptr};
  ArrowArray value{};
  ArrowArray* children[1] = {&value};
  ArrowArray root{};

  void seal() {
    value_buffers[0] = nullptr;
    value_buffers[1] = offsets.data();
    value_buffers[2] = data.data();
    value.length = root.length = static_cast<int64_t>(offsets.size() - 1);
    value.n_buffers = 3;
    value.buffers = value_buffers;
    root.n_buffers = 1;
    root.buffers = root_buffers;
    root.n_children = 1;
    root.children = children;
  }
};

cphost::UniqueSchema schema_of(const Columns& columns) {
  using cphost::columns::TypeParser;
  cphost::Schema schema;
  for (const auto& column : columns) {
    schema.add(cphost::columns::carrier(TypeParser::parse(column.second), column.first, true));
  }
  return schema.to_arrow();
}

void release_rows(void*, ArrowArray* rows, const uint32_t*) {
  rows->release(rows);
}

void count_reject(void* ctx, uint32_t, const char*, cphost_str, cphost_str, int64_t) {
  ++*static_cast<uint64_t*>(ctx);
}

void decode(benchmark::State& state, rows::Shape shape, const Columns& columns) {
  const rows::RowGenerator generator(shape);
  std::vector<std::unique_ptr<Batch>> batches;
  uint64_t bytes = 0;
  for (uint32_t b = 0; b < kBatches; ++b) {
    batches.push_back(std::make_unique<Batch>());
    Batch& batch = *batches.back();
    for (uint32_t i = 0; i < kBatch; ++i) {
      generator.append(b * kBatch + i, batch.data);
      batch.offsets.push_back(static_cast<int32_t>(batch.data.size()));
    }
    batch.seal();
    bytes += batch.data.size();
  }
  const cphost::UniqueSchema records = schema_of({{"_value", "String"}});
  const cphost::UniqueSchema wanted = schema_of(columns);
  json::Decoder decoder(json::Settings(), *records, 0, *wanted);
  uint64_t rejects = 0;
  const cphost_rows out = {sizeof out, 0, &rejects, &release_rows, &count_reject};
  cphost::Rows rows_out(&out);
  for (const auto& batch : batches) decoder.decode(batch->root, rows_out);  // warm
  const uint64_t before = allocations.load();
  for (auto _ : state) {
    for (const auto& batch : batches) decoder.decode(batch->root, rows_out);
  }
  const double rows = static_cast<double>(state.iterations()) * kBatch * kBatches;
  if (rejects != 0) state.SkipWithError("rows were rejected");
  state.counters["allocs/row"] = static_cast<double>(allocations.load() - before) / rows;
  // Printed with their unit: "104.6ns".
  const auto time_of_each = benchmark::Counter::kIsRate | benchmark::Counter::kInvert;
  const double passed = static_cast<double>(bytes) * static_cast<double>(state.iterations());
  state.counters["row"] = benchmark::Counter(rows, time_of_each);
  state.counters["byte"] = benchmark::Counter(passed, time_of_each);
  state.SetBytesProcessed(static_cast<int64_t>(bytes) * static_cast<int64_t>(state.iterations()));
}

BENCHMARK_CAPTURE(decode, narrow, rows::Shape::narrow, kNarrow)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(decode, wide, rows::Shape::wide, kWide)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(decode, nested, rows::Shape::nested, kNested)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(decode, numbers, rows::Shape::numbers, kNumbers)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(decode, text, rows::Shape::text, kText)->Unit(benchmark::kMillisecond);

}  // namespace

// Not inlined: g++ would take the free of what new returned for a mistake.
[[gnu::noinline]] void* operator new(size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  if (void* p = std::malloc(size)) return p;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* p) noexcept {
  std::free(p);
}
[[gnu::noinline]] void operator delete(void* p, size_t) noexcept {
  std::free(p);
}

// Columns take their memory here.
extern "C" void* aligned_alloc(size_t alignment, size_t size) noexcept {
  allocations.fetch_add(1, std::memory_order_relaxed);
  void* p = nullptr;
  return posix_memalign(&p, alignment, size) == 0 ? p : nullptr;
}

BENCHMARK_MAIN();
