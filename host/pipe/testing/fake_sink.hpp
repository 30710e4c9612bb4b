// SPDX-License-Identifier: Apache-2.0
// A sink for tests that knows exactly what was made durable. As a server that deduplicates does, it
// takes a token once; it tells when a token comes back for other rows. What goes wrong is scripted
// through the hooks, which are called from the writers' threads, one call at a time.
//
// Its rows are FakeFormat's, or those of the error table.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include <cphost/schema.hpp>

#include "host/pipe/testing/fake_stage.hpp"

namespace cphost::host::testing {

class FakeSink {
 public:
  struct Row {
    std::string stream;
    int64_t position = 0;
    int32_t i = 0;
    bool bad = false;
    int64_t held = -1;  ///< As the source held its stream; -1: the target has no such column.
    auto key() const { return std::tuple(stream, position, i); }
  };

  /// One block under way, as a hook sees it.
  struct Write {
    FakeSink& sink;
    const cphost_env* env;
    const cphost_block& block;
    const cphost_result& result;
    std::vector<Row> rows;

    std::string token() const { return {block.token.data, static_cast<size_t>(block.token.size)}; }
    /// Makes the block durable, unless its token was taken already.
    void make_durable();
    void reject(int64_t row) const;
    int32_t answer(int32_t status) const { return fail(env, status); }
    /// Waits until the writer is interrupted, at most so long.
    void wait_for_interrupt(int64_t timeout_ms);
  };

  explicit FakeSink(const char* name = "fake_sink");
  Stage stage() { return fake_stage(*component_, this); }
  const Component& component() const { return *component_; }

  /// Answers in place of the sink when it has a value.
  std::function<std::optional<int32_t>(Write&)> on_write;
  std::function<std::optional<int32_t>(const cphost_env*, const ArrowSchema& rows)> on_open;
  std::function<std::optional<int32_t>(const cphost_env*)> on_describe;
  std::function<std::optional<int32_t>(const cphost_env*, uint32_t flags)> on_prepare;
  /// A row became durable.
  std::function<void(const Row&)> on_durable;

  /// With rows that are bad and without an answer of on_write: names so many of them; 0: none, the
  /// host is to halve.
  int name_at_most = 1000;

  /// What `describe` answers; none: UNSUPPORTED.
  void set_target(std::vector<Field> fields);

  int64_t durable(const std::string& stream, int64_t position, int32_t i = 0) const;
  size_t durable_rows() const;
  size_t doubled_rows() const;
  int64_t writes() const;
  size_t blocks() const;  ///< Tokens taken.
  /// Under which tokens a row became durable, for messages.
  std::string tokens_of(const std::string& stream, int64_t position, int32_t i) const;
  std::vector<std::string> problems() const;

 private:
  struct Writer;
  static int32_t open(void* self, const cphost_env* env, const ArrowSchema* rows, void** writer);
  static int32_t write(void* writer, const cphost_block* block, const cphost_result* result);
  static void close(void* writer);
  static int32_t describe(void* self, ArrowSchema* target);
  static int32_t prepare(void* self, const ArrowSchema* wanted, uint32_t flags, void* ctx,
                         void (*text)(void* ctx, cphost_str));
  static void interrupt(void* writer);
  int32_t take(Write& write);

  std::unique_ptr<Component> component_;
  const cphost_env* env_ = nullptr;
  mutable std::mutex mutex_;
  mutable std::mutex hook_mutex_;
  std::condition_variable interrupted_;
  int interrupts_ = 0;
  std::optional<Schema> target_;
  std::map<std::tuple<std::string, int64_t, int32_t>, int64_t> durable_;
  std::map<std::string, std::string> tokens_;  // and what stood in the block
  int64_t writes_ = 0;
  std::vector<std::string> problems_;
};

}  // namespace cphost::host::testing
