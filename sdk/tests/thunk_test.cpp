// SPDX-License-Identifier: Apache-2.0
// What the tables answer whatever the classes behind them do.
#include <gtest/gtest.h>

#include <cphost/plugin.hpp>
#include <cphost/testing.hpp>

namespace {

using cphost::Env;
using cphost::Error;
using cphost::testing::EventLog;
using cphost::testing::OptionValues;
using cphost::testing::ResultLog;
using cphost::testing::RowsLog;
using cphost::testing::TestEnv;

struct Options {
  std::string mode;
};
constexpr auto kOptions =
    cphost::options<Options>(cphost::optional("mode", &Options::mode, "", "What goes wrong."));

// Does what the option says.
void act(const std::string& mode) {
  if (mode == "error") throw Error(cphost::config, "CODE", "a sentence");
  if (mode == "exception") throw std::runtime_error("its text");
  if (mode == "memory") throw std::bad_alloc();
  if (mode == "unknown") throw 5;
}

class Source {
 public:
  Source(const cphost::OnlyOptions<Options>& shared, Env) : mode_(shared.options.mode) {
    if (mode_ == "open") throw Error(cphost::retry, "CONNECT", "no answer");
  }
  static cphost::Schema schema() { return {{"_value", "z"}}; }
  cphost::Status poll(const cphost::Limits& limits, cphost::Events& out) {
    act(mode_);
    out.assigned(limits.records, "stream", "5", "note");
    out.reached(1, "6");
    out.reject(1, "7", "LONG", "too long", "head", 1000);
    out.revoking(1, 50);
    out.lost(1);
    out.ended(1);
    return cphost::done;
  }
  void seek(uint64_t, std::string_view after) { act(std::string(after)); }

 protected:
  std::string mode_;
};

// All that is optional.
class FullSource : public Source {
 public:
  struct Shared : cphost::OnlyOptions<Options> {
    using OnlyOptions::OnlyOptions;
    cphost::Schema records_schema() const { return {{options.mode, "z"}}; }
    void list_positions(std::string_view to, cphost::KeptStreams& out) {
      act(options.mode);
      out.add({"stream", "5", "note", "0", "9", to, 4});
    }
    void set_positions(std::span<const cphost_position_change> changes) {
      act(cphost::view(changes[0].position) == "bad" ? "error" : "");
    }
  };
  FullSource(Shared& shared, Env env) : Source(shared, env) {}
  cphost::Status commit(std::span<cphost_commit> items) {
    act(mode_);
    for (cphost_commit& item : items) item.status = CPHOST_RETRY;
    return items.empty() ? cphost::unsupported : cphost::retry;
  }
  void release(uint64_t stream) {
    act(mode_);
    released = stream;
  }
  void pause(uint64_t, bool on) { paused = on; }
  void interrupt() { act(mode_); }
  int64_t lag() {
    act(mode_);
    return 12;
  }
  uint64_t released = 0;
  bool paused = false;
};

class Decoder {
 public:
  Decoder(const cphost::OnlyOptions<Options>& shared, Env, const ArrowSchema& records,
          uint32_t column, const ArrowSchema* wanted)
      : mode_(shared.options.mode), name_(records.children[column]->name) {
    if (wanted != nullptr) name_ += wanted->children[0]->name;
  }
  cphost::Schema rows() const {
    if (mode_ == "rows") throw Error(cphost::config, "COLUMN", "cannot be filled");
    return {{name_, "z"}};
  }
  void decode(const ArrowArray&, cphost::Rows& out) {
    act(mode_);
    out.reject(3, "BAD", "text", "column", 17);
  }

 private:
  std::string mode_, name_;
};

class Writer {
 public:
  struct Shared {
    Shared(Options parsed, Env) : options(std::move(parsed)) { act(options.mode); }
    cphost::Status describe(ArrowSchema*) { return cphost::again; }
    cphost::Status prepare(const ArrowSchema&, uint32_t flags, const cphost::Statements& out) {
      out("CREATE " + std::to_string(flags));
      return cphost::ok;
    }
    cphost::Status runs(const cphost_runs_query& query, const cphost::ArrowRows& out) {
      act(options.mode);
      cphost::BatchBuilder batch(cphost::Schema{{"first", "l"}, {"last", "l"}, {"times", "L"}});
      batch[0].add(0);
      batch[1].add(query.runs_max);
      batch[2].add(1);
      out(batch.finish());
      return cphost::ok;
    }
    cphost::Status read_rejects(const cphost_rejects_query&, const cphost::ArrowRows&) {
      return cphost::again;
    }
    cphost::Status mark_rejects(std::string_view pipe, std::span<const cphost_str> ids,
                                int64_t mark) {
      marked = std::string(pipe) + ":" + std::string(cphost::view(ids.back())) + ":" +
               std::to_string(mark);
      throw Error(cphost::config, "RIGHTS", marked);
    }
    std::string marked;
    Options options;
  };
  Writer(Shared&, Env, const ArrowSchema&) {}
  cphost::Status write(const cphost_block& block, cphost::Result& out) {
    out.reject(block.rows - 1, "ROW", "bad", "c");
    out.retry_after(250);
    return cphost::reject;
  }
};

constexpr const cphost_source& kSource = cphost::SourceTable<Source, kOptions>::kTable;
constexpr const cphost_source& kFull = cphost::SourceTable<FullSource, kOptions>::kTable;
constexpr const cphost_format& kFormat = cphost::FormatTable<Decoder, kOptions>::kTable;
constexpr const cphost_sink& kSink = cphost::SinkTable<Writer, kOptions>::kTable;

class ThunkTest : public ::testing::Test {
 protected:
  template <class Table>
  void* create(const Table& table, const char* mode) {
    void* self = nullptr;
    const OptionValues values(kOptions, {{"mode", mode}});
    EXPECT_EQ(table.create(env_.raw(), values.data(), &self), CPHOST_OK);
    return self;
  }
  // The reader of a source whose create was given `mode`.
  void* reader(const cphost_source& table, const char* mode) {
    self_ = create(table, mode);
    void* reader = nullptr;
    EXPECT_EQ(table.open(self_, env_.raw(), &reader), CPHOST_OK);
    return reader;
  }
  void drop(const cphost_source& table, void* reader) {
    table.close(reader);
    table.destroy(self_);
  }
  std::string last_failure() const {
    const auto failures = env_.failures();
    return failures.empty() ? "" : failures.back().code + ": " + failures.back().text;
  }

  TestEnv env_;
  void* self_ = nullptr;
};

TEST_F(ThunkTest, ExceptionsBecomeStatusesAndKeepTheirText) {
  struct {
    const char* mode;
    int32_t status;
    const char* failure;
  } const cases[] = {{"error", CPHOST_CONFIG, "CODE: a sentence"},
                     {"exception", CPHOST_FATAL, "EXCEPTION: its text"},
                     {"memory", CPHOST_FATAL, "OUT_OF_MEMORY: out of memory"},
                     {"unknown", CPHOST_FATAL, "EXCEPTION: an exception of an unknown type"}};
  for (const auto& c : cases) {
    void* r = reader(kSource, c.mode);
    EventLog log;
    EXPECT_EQ(kSource.poll(r, 1, 1, 0, log.raw()), c.status) << c.mode;
    EXPECT_EQ(last_failure(), c.failure);
    EXPECT_EQ(kSource.seek(r, 1, cphost::str(c.mode)), c.status);
    EXPECT_EQ(kSource.seek(r, 1, cphost::str("")), CPHOST_OK);
    drop(kSource, r);
  }
  EXPECT_EQ(env_.failures().size(), 8u);
}

TEST_F(ThunkTest, EventsArriveAsTheyWereTold) {
  void* r = reader(kSource, "");
  EventLog log;
  EXPECT_EQ(kSource.poll(r, 9, 1, 0, log.raw()), CPHOST_DONE);
  using Kind = EventLog::Kind;
  ASSERT_EQ(log.size(), 6u);
  EXPECT_EQ(log[0].kind, Kind::kAssigned);
  EXPECT_EQ(log[0].stream, 9u);
  EXPECT_EQ(log[0].name + log[0].position + log[0].note, "stream5note");
  EXPECT_EQ(log[1].position, "6");
  EXPECT_EQ(log[2].code + log[2].text + log[2].head, "LONGtoo longhead");
  EXPECT_EQ(log[2].size, 1000u);
  EXPECT_EQ(log[3].deadline_ms, 50u);
  EXPECT_EQ(log[4].kind, Kind::kLost);
  EXPECT_EQ(log[5].kind, Kind::kEnded);
  drop(kSource, r);
}

TEST_F(ThunkTest, AFailedOpenLeavesNothingToClose) {
  void* self = create(kSource, "open");
  void* r = &self;
  EXPECT_EQ(kSource.open(self, env_.raw(), &r), CPHOST_RETRY);
  EXPECT_EQ(r, nullptr);
  EXPECT_EQ(last_failure(), "CONNECT: no answer");
  kSource.close(r);
  kSource.destroy(self);
}

TEST_F(ThunkTest, AFailedCreateLeavesNothingToDestroy) {
  const OptionValues values(kOptions, {{"mode", "error"}});
  void* self = &env_;
  EXPECT_EQ(kSink.create(env_.raw(), values.data(), &self), CPHOST_CONFIG);
  EXPECT_EQ(self, nullptr);
  kSink.destroy(self);
}

TEST_F(ThunkTest, WhatAClassLacksIsNullInItsTable) {
  const auto* source = &kSource;
  EXPECT_EQ(source->struct_size, sizeof(cphost_source));
  EXPECT_TRUE(source->commit == nullptr && source->release == nullptr && source->pause == nullptr);
  EXPECT_TRUE(source->interrupt == nullptr && source->lag == nullptr);
  const auto* sink = &kSink;
  EXPECT_TRUE(sink->interrupt == nullptr);
  const auto* format = &kFormat;
  EXPECT_TRUE(format->infer == nullptr);
}

TEST_F(ThunkTest, OptionalCallsReachTheClass) {
  void* r = reader(kFull, "");
  cphost_commit item{};
  EXPECT_EQ(kFull.commit(r, &item, 1), CPHOST_RETRY);
  EXPECT_EQ(item.status, CPHOST_RETRY);
  EXPECT_EQ(kFull.commit(r, nullptr, 0), CPHOST_UNSUPPORTED);
  EXPECT_EQ(kFull.pause(r, 1, 1), CPHOST_OK);
  EXPECT_TRUE(cphost::thunk::self<FullSource>(r).paused);
  kFull.release(r, 77);
  EXPECT_EQ(cphost::thunk::self<FullSource>(r).released, 77u);
  EXPECT_EQ(kFull.lag(r), 12);
  kFull.interrupt(r);
  drop(kFull, r);
}

TEST_F(ThunkTest, CallsWithoutAStatusLogWhatGoesWrong) {
  void* r = reader(kFull, "exception");
  kFull.release(r, 1);
  kFull.interrupt(r);
  EXPECT_EQ(kFull.lag(r), -1);
  const auto lines = env_.lines();
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[0].level, uint32_t{CPHOST_LOG_ERROR});
  EXPECT_EQ(lines[0].text, "its text");
  drop(kFull, r);
}

TEST_F(ThunkTest, ARecordsSchemaMayDependOnOptions) {
  void* self = create(kFull, "column");
  cphost::UniqueSchema schema;
  EXPECT_EQ(kFull.schema(self, schema.out()), CPHOST_OK);
  EXPECT_EQ(cphost::find(*schema, "column"), 0);
  kFull.destroy(self);
}

TEST_F(ThunkTest, FormatReportsItsRowsAndRejects) {
  void* self = create(kFormat, "");
  const auto records = cphost::Schema{{"a", "z"}, {"_value", "z"}}.to_arrow();
  const auto wanted = cphost::Schema{{"w", "z"}}.to_arrow();
  cphost::UniqueSchema rows;
  void* decoder = nullptr;
  ASSERT_EQ(kFormat.open(self, env_.raw(), records.get(), 1, wanted.get(), rows.out(), &decoder),
            CPHOST_OK);
  EXPECT_EQ(cphost::find(*rows, "_valuew"), 0);
  RowsLog log;
  const ArrowArray none{};
  EXPECT_EQ(kFormat.decode(decoder, &none, log.raw()), CPHOST_OK);
  ASSERT_EQ(log.rejects().size(), 1u);
  EXPECT_EQ(log.rejects()[0].record, 3u);
  EXPECT_EQ(log.rejects()[0].column, "column");
  EXPECT_EQ(log.rejects()[0].byte_offset, 17);
  kFormat.close(decoder);
  ASSERT_EQ(kFormat.open(self, env_.raw(), records.get(), 1, nullptr, rows.out(), &decoder),
            CPHOST_OK);
  EXPECT_EQ(cphost::find(*rows, "_value"), 0);
  kFormat.close(decoder);
  kFormat.destroy(self);
}

TEST_F(ThunkTest, AFormatThatCannotSayItsRowsIsNotOpen) {
  void* self = create(kFormat, "rows");
  const auto records = cphost::Schema{{"_value", "z"}}.to_arrow();
  cphost::UniqueSchema rows;
  void* decoder = &self;
  EXPECT_EQ(kFormat.open(self, env_.raw(), records.get(), 0, nullptr, rows.out(), &decoder),
            CPHOST_CONFIG);
  EXPECT_EQ(decoder, nullptr);
  EXPECT_FALSE(rows);
  kFormat.destroy(self);
}

TEST_F(ThunkTest, SinkTellsItsStatementsAndResults) {
  void* self = create(kSink, "");
  cphost::UniqueSchema target;
  EXPECT_EQ(kSink.describe(self, target.out()), CPHOST_AGAIN);
  const auto wanted = cphost::Schema{{"c", "z"}}.to_arrow();
  std::string told;
  EXPECT_EQ(kSink.prepare(self, wanted.get(), CPHOST_DRY_RUN, &told,
                          [](void* ctx, cphost_str text) {
                            *static_cast<std::string*>(ctx) += cphost::view(text);
                          }),
            CPHOST_OK);
  EXPECT_EQ(told, "CREATE 1");

  void* writer = nullptr;
  ASSERT_EQ(kSink.open(self, env_.raw(), wanted.get(), &writer), CPHOST_OK);
  ArrowArray rows{};
  rows.length = 5;
  const cphost::testing::TestBlock block(rows);
  ResultLog log;
  EXPECT_EQ(kSink.write(writer, block.raw(), log.raw()), CPHOST_REJECT);
  ASSERT_EQ(log.rejects().size(), 1u);
  EXPECT_EQ(log.rejects()[0].row, 4);
  EXPECT_EQ(log.retry_after_ms(), 250u);
  kSink.close(writer);
  kSink.destroy(self);
}

TEST_F(ThunkTest, ASinkThatTellsRunsHasTheExtension) {
  void* self = create(kSink, "");
  const auto extension = cphost::SinkTable<Writer, kOptions>::extension;
  EXPECT_EQ(extension(self, "cphost.unknown/1"), nullptr);
  const auto* table = static_cast<const cphost_runs*>(extension(self, CPHOST_RUNS_EXTENSION));
  ASSERT_NE(table, nullptr);
  EXPECT_EQ(table->struct_size, sizeof(cphost_runs));
  cphost_runs_query query{};
  query.struct_size = sizeof query;
  query.runs_max = 41;
  int64_t last = 0;
  const auto rows = [](void* ctx, ArrowArray* raw) {
    const cphost::UniqueArray told(raw);
    *static_cast<int64_t*>(ctx) = cphost::value_at<int64_t>(*told->children[1], 0);
  };
  EXPECT_EQ(table->runs(self, &query, &last, rows), CPHOST_OK);
  EXPECT_EQ(last, 41);
  kSink.destroy(self);
}

TEST_F(ThunkTest, ASinkThatReadsRejectsHasTheExtension) {
  void* self = create(kSink, "");
  const auto extension = cphost::SinkTable<Writer, kOptions>::extension;
  const auto* table = static_cast<const cphost_rejects*>(extension(self, CPHOST_REJECTS_EXTENSION));
  ASSERT_NE(table, nullptr);
  EXPECT_EQ(table->struct_size, sizeof(cphost_rejects));
  cphost_rejects_query query{};
  EXPECT_EQ(table->read(self, &query, nullptr, nullptr), CPHOST_AGAIN);
  const cphost_str ids[] = {cphost::str("a"), cphost::str("b")};
  EXPECT_EQ(table->mark(self, cphost::str("p"), ids, 2, 7), CPHOST_CONFIG);
  EXPECT_EQ(last_failure(), "RIGHTS: p:b:7");
  kSink.destroy(self);
}

// An older SDK's table ends before the optional functions: all that a source must have lies in
// front of them.
static_assert(offsetof(cphost_source, commit) > offsetof(cphost_source, close));
static_assert(offsetof(cphost_format, infer) > offsetof(cphost_format, close));
static_assert(offsetof(cphost_sink, describe) > offsetof(cphost_sink, close));

constexpr auto kMetrics = cphost::metrics(cphost::counter("rows", "rows", "Rows."),
                                          cphost::gauge("open", "files", "Open files."));
CPHOST_SOURCE("bare", Source, kOptions, "Without metrics.")
CPHOST_SINK("measured", Writer, kOptions, "With metrics.", kMetrics)

TEST(Component, SaysWhatItIs) {
  const cphost_component& c = cphost_component_Writer;
  EXPECT_EQ(c.struct_size, sizeof c);
  EXPECT_STREQ(c.kind, "sink");
  EXPECT_STREQ(c.name, "measured");
  EXPECT_STREQ(c.summary, "With metrics.");
  EXPECT_EQ(c.table, &kSink);
  EXPECT_EQ(c.option_count, 1u);
  EXPECT_EQ(c.option_size, sizeof(cphost_option));
  ASSERT_EQ(c.metric_count, 2u);
  EXPECT_EQ(c.metric_size, sizeof(cphost_metric));
  EXPECT_STREQ(c.metrics[1].name, "open");
  EXPECT_EQ(c.metrics[1].gauge, 1u);
  ASSERT_NE(c.extension, nullptr);
  EXPECT_NE(c.extension(nullptr, CPHOST_RUNS_EXTENSION), nullptr);
  ASSERT_NE(cphost_component_Source.extension, nullptr);
  EXPECT_EQ(cphost_component_Source.extension(nullptr, CPHOST_RUNS_EXTENSION), nullptr);
  EXPECT_EQ(cphost_component_Source.metric_count, 0u);
  EXPECT_STREQ(cphost_component_Source.kind, "source");
}

const cphost_positions* positions_of(const void* (*extension)(void*, const char*)) {
  return static_cast<const cphost_positions*>(extension(nullptr, CPHOST_POSITIONS_EXTENSION));
}

TEST_F(ThunkTest, PositionsAreAnExtensionOfSourcesThatKeepThem) {
  EXPECT_EQ(positions_of(cphost::SourceTable<Source, kOptions>::extension), nullptr);
  EXPECT_EQ((cphost::SourceTable<FullSource, kOptions>::extension(nullptr, "cphost.other/1")),
            nullptr);
  const cphost_positions* positions =
      positions_of(cphost::SourceTable<FullSource, kOptions>::extension);
  ASSERT_NE(positions, nullptr);
  void* self = create(kFull, "");
  std::string told;
  const auto tell = [](void* ctx, const cphost_kept_stream* stream) {
    *static_cast<std::string*>(ctx) = std::string(cphost::view(stream->name)) + "@" +
                                      std::string(cphost::view(stream->position)) + ">" +
                                      std::string(cphost::view(stream->target));
    EXPECT_EQ(stream->lag, 4);
  };
  EXPECT_EQ(positions->list(self, cphost::str("earliest"), &told, tell), CPHOST_OK);
  EXPECT_EQ(told, "stream@5>earliest");
  const cphost_position_change good{cphost::str("stream"), cphost::str("7")};
  const cphost_position_change bad{cphost::str("stream"), cphost::str("bad")};
  EXPECT_EQ(positions->set(self, &good, 1), CPHOST_OK);
  EXPECT_EQ(positions->set(self, &bad, 1), CPHOST_CONFIG);
  kFull.destroy(self);
  self = create(kFull, "error");
  EXPECT_EQ(positions->list(self, {}, &told, tell), CPHOST_CONFIG);
  kFull.destroy(self);
}

}  // namespace
