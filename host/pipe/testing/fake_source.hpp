// SPDX-License-Identifier: Apache-2.0
// A source for tests: streams with given records, positions that survive from one run of a pipe to
// the next, and a watch over the order of calls. What goes wrong is scripted through the hooks,
// which are called on the workers' threads, one call at a time.
//
// Records have _value, _stream, _offset, the position, and _held, the number under which the reader
// holds the stream. Stream i is served by worker i % workers.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <cphost/source.h>

#include "host/pipe/testing/fake_stage.hpp"

namespace cphost::host::testing {

struct FakeRecord {
  int64_t position = 0;
  std::string value;
  bool rejected = false;  ///< The source can't make a record of it.
};

struct FakeStream {
  std::string name;
  std::vector<FakeRecord> records;
  int64_t end = 0;              ///< Nothing comes beyond this position.
  bool resolves_start = false;  ///< A fresh stream tells with `reached` that it starts behind that.
  bool endless = false;         ///< Does not end at its end.
};

class FakeSource {
 public:
  /// What a reader holds of a stream from `assigned` to `release`.
  struct Held {
    uint64_t id = 0;
    size_t stream = 0;
    size_t next = 0;  ///< Index of the next record.
    bool sought = false, paused = false, ended = false, revoking = false, lost = false;
    bool tells_start = false;
    bool delivering() const { return sought && !ended && !revoking && !lost; }
  };

  class Reader {
   public:
    Reader(FakeSource& source, const cphost_env* env) : source_(source), env_(env) {}
    std::map<uint64_t, Held> held;
    bool interrupted = false;  // guarded by the source's mutex

    FakeSource& source() const { return source_; }
    const cphost_env* env() const { return env_; }
    uint32_t worker() const { return env_->worker; }
    int32_t answer(int32_t status) const { return fail(env_, status); }
    void assign(const cphost_events& events, size_t stream);
    bool assign_free(const cphost_events& events);
    /// Records that came of the first stream it holds; 0 when it holds none.
    size_t delivered() const { return held.empty() ? 0 : held.begin()->second.next; }
    void revoke(const cphost_events& events, Held& stream, uint32_t deadline_ms);
    void lose(const cphost_events& events, Held& stream);
    /// One batch, or what else comes next of the stream. False: nothing.
    bool deliver(const cphost_events& events, Held& stream, int64_t records_max);

   private:
    friend class FakeSource;
    void end(const cphost_events& events, Held& stream);

    FakeSource& source_;
    const cphost_env* env_;
    std::thread::id thread_ = std::this_thread::get_id();
    bool in_call_ = false;
  };

  /// What the source can do of itself.
  struct Abilities {
    bool commit = true;  ///< Keeps positions; otherwise the journal has to.
    bool pause = true;
  };

  FakeSource() : FakeSource(Abilities{}) {}
  explicit FakeSource(Abilities abilities);
  Stage stage() { return fake_stage(*component_, this); }
  const Component& component() const { return *component_; }

  std::vector<FakeStream> streams;
  int64_t batch_records = 8;

  /// False: leaves positions to the journal. With a commit function it says so through that.
  bool keeps_positions = true;

  /// Before another run of a pipe, where the source keeps no positions.
  void forget_run() { let_go_.clear(); }

  /// Each answers in place of the source when it has a value.
  std::function<std::optional<int32_t>(const cphost_env*)> on_open;
  std::function<std::optional<int32_t>(Reader&, const cphost_events&)> on_poll;
  std::function<std::optional<int32_t>(Reader&, Held&)> on_seek;
  std::function<std::optional<int32_t>(Reader&, Held&, bool on)> on_pause;
  /// Commits `items` itself as far as it likes, with commit_item.
  std::function<std::optional<int32_t>(Reader&, cphost_commit* items, uint32_t n)> on_commit;
  /// A position is about to become durable.
  std::function<void(const FakeStream&, const std::string& position)> on_committed;

  void commit_item(Reader& reader, cphost_commit& item);

  /// The durable position of a stream, "" when there is none.
  std::string committed(const std::string& stream) const;
  void set_committed(const std::string& stream, const std::string& position);
  /// What is kept beside it.
  std::string note(const std::string& stream) const;
  void set_note(const std::string& stream, const std::string& note);
  /// True when all of every stream is committed.
  bool all_committed() const;

  std::atomic<int64_t> polls{0};
  std::atomic<int64_t> commits{0};  ///< Calls, whatever became of them.
  std::atomic<int64_t> opens{0};
  std::atomic<int64_t> seeks{0};
  std::vector<std::string> problems() const;

  /// [any] False once the host has let go of what a reader held under that number.
  bool is_held(int64_t id) const;

 private:
  static int32_t schema(void* self, ArrowSchema* records);
  static int32_t open(void* self, const cphost_env* env, void** reader);
  static int32_t poll(void* reader, uint32_t max_records, uint64_t max_bytes, uint32_t timeout_ms,
                      const cphost_events* events);
  static int32_t seek(void* reader, uint64_t stream, cphost_str after);
  static void close(void* reader);
  static int32_t commit(void* reader, cphost_commit* items, uint32_t n);
  static void release(void* reader, uint64_t stream);
  static int32_t pause(void* reader, uint64_t stream, int32_t on);
  static void interrupt(void* reader);

  void problem(std::string what);
  /// Checks that a call comes on the worker's thread and not from inside an events table.
  void check_call(Reader& reader, const char* call);
  bool finished(size_t stream) const;

  std::unique_ptr<Component> component_;
  mutable std::mutex mutex_;
  std::mutex hook_mutex_;
  std::condition_variable woken_;
  std::map<std::string, std::string> committed_;
  std::map<std::string, std::string> notes_;
  std::map<size_t, bool> taken_;  // streams that a reader holds
  std::set<uint64_t> held_;       // by their numbers
  uint64_t last_id_ = 0;
  std::map<size_t, bool> let_go_;  // streams that ended and were released in this run
  std::vector<std::string> problems_;
};

}  // namespace cphost::host::testing
