// SPDX-License-Identifier: Apache-2.0
#include "host/pipe/writers.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include <cphost/schema.hpp>

#include "host/pipe/left_behind.hpp"

namespace cphost::host {
namespace {

// A sink may miss an interrupt that comes just before its write begins, so it is told again.
constexpr std::chrono::milliseconds kInterruptAgain{20};

// How long a stop waits for a sink that is being opened.
constexpr int64_t kOpenPatienceMs = 250;

}  // namespace

// What a thread needs, which may outlive the writers: one that is left behind touches nothing else.
struct Writers::Writer {
  struct NamedRow {
    int64_t row;
    Rejection why;
  };

  Writer(const Component& component, const Log& log, const Settings& settings)
      : sink(component),
        env(sink, log, settings.worker, settings.workers),
        outage(log.with("worker", std::to_string(settings.worker)), "writing a block"),
        backoff(settings.retry_min_ms, settings.retry_max_ms) {}

  const Component& sink;
  void* sink_object = nullptr;
  std::shared_ptr<const void> keeps_sink;
  std::shared_ptr<const UniqueSchema> rows;
  ObjectEnv env;
  OutageLog outage;
  Backoff backoff;
  std::unique_ptr<Block> block;  // at work; guarded by object_mutex while it is opening
  std::mutex object_mutex;
  void* object = nullptr;    // guarded by object_mutex: stop() interrupts it
  bool opening = false;      // guarded by object_mutex
  bool left_behind = false;  // guarded by object_mutex
  std::vector<NamedRow> named;
  int64_t retry_after_ms = 0;
  std::vector<cphost_slice> slices;
  bool ended = false;  // guarded by the writers' mutex
  std::thread thread;
};

Writers::Writers(const Settings& settings, const Component& sink, void* sink_object,
                 std::shared_ptr<const void> keeps_sink, const ArrowSchema& rows, Log log,
                 std::atomic<int64_t>& retries, std::function<void()> wake)
    : settings_(settings),
      sink_(sink),
      log_(std::move(log)),
      retries_(retries),
      wake_(std::move(wake)) {
  const auto schema = std::make_shared<const UniqueSchema>(deep_copy(rows));
  for (uint32_t i = 0; i < settings_.threads; ++i) {
    auto& writer = writers_.emplace_back(std::make_shared<Writer>(sink_, log_, settings_));
    writer->sink_object = sink_object;
    writer->keeps_sink = keeps_sink;
    writer->rows = schema;
  }
  for (auto& writer : writers_) {
    writer->thread = std::thread([this, w = writer]() mutable {
      run(*w);
      const bool left_behind = w->left_behind;
      w.reset();
      if (left_behind) --calls_left_behind();
    });
  }
}

Writers::~Writers() {
  stop();
}

void Writers::put(std::unique_ptr<Block> block) {
  ++in_flight_;
  {
    std::lock_guard lock(mutex_);
    todo_.push_back(std::move(block));
  }
  work_.notify_one();
}

std::unique_ptr<Block> Writers::take() {
  std::lock_guard lock(mutex_);
  if (done_.empty()) return nullptr;
  auto block = std::move(done_.front());
  done_.pop_front();
  --in_flight_;
  return block;
}

void Writers::begin_stop() {
  const std::lock_guard lock(mutex_);
  stop_ = true;
  work_.notify_all();
  stop_signal_.notify_all();
  for (auto& block : todo_) {
    block->status = CPHOST_AGAIN;
    done_.push_back(std::move(block));
  }
  todo_.clear();
}

bool Writers::ended() {
  {
    const std::lock_guard lock(mutex_);
    if (interrupt_all()) return false;
  }
  for (auto& writer : writers_) {
    if (writer->thread.joinable()) writer->thread.join();
  }
  return true;
}

void Writers::stop() {
  begin_stop();
  const int64_t patience_ends_ms = monotonic_ms() + kOpenPatienceMs;
  while (!ended()) {
    if (monotonic_ms() >= patience_ends_ms) leave_openings_behind();
    std::unique_lock lock(mutex_);
    ended_signal_.wait_for(lock, kInterruptAgain);
  }
}

// Takes their blocks back.
void Writers::leave_openings_behind() {
  const std::lock_guard lock(mutex_);
  for (auto& writer : writers_) {
    const std::lock_guard object_lock(writer->object_mutex);
    if (writer->ended || !writer->opening) continue;
    writer->left_behind = true;
    writer->ended = true;
    ++calls_left_behind();
    writer->thread.detach();
    writer->block->status = CPHOST_AGAIN;
    done_.push_back(std::move(writer->block));
  }
}

// True while a writer is still at work. With the mutex held.
bool Writers::interrupt_all() {
  bool any = false;
  for (auto& writer : writers_) {
    if (writer->ended) continue;
    any = true;
    std::lock_guard lock(writer->object_mutex);
    if (writer->object) sink_.sink.interrupt(writer->object);
  }
  return any;
}

void Writers::run(Writer& writer) {
  for (;;) {
    std::unique_lock lock(mutex_);
    work_.wait(lock, [&] { return stopping() || !todo_.empty(); });
    if (stopping()) break;
    writer.block = std::move(todo_.front());
    todo_.pop_front();
    lock.unlock();

    if (!write_block(writer, *writer.block)) return;

    lock.lock();
    done_.push_back(std::move(writer.block));
    lock.unlock();
    wake_();
  }
  close(writer);
  std::lock_guard lock(mutex_);
  writer.ended = true;
  ended_signal_.notify_all();
}

void Writers::close(Writer& writer) {
  std::lock_guard lock(writer.object_mutex);
  if (writer.object) sink_.sink.close(writer.object);
  writer.object = nullptr;
}

// Writes the pieces of a block one after the other. A block that comes back unwritten holds what is
// left of it, under the tokens under which it was tried: it must neither be written twice nor be
// taken for other rows. False when the thread was left behind: then this object may be gone.
bool Writers::write_block(Writer& writer, Block& block) {
  block.status = CPHOST_OK;
  while (block.status == CPHOST_OK && !block.pieces.empty()) {
    BlockPiece& piece = block.pieces.front();
    if (!open(writer, block)) return false;
    if (block.status != CPHOST_OK) return true;
    piece.leave_out_dropped();
    const int64_t rows = row_count(piece.parts);
    if (rows == 0) {
      block.pieces.pop_front();
      continue;
    }
    switch (const int32_t status = write_once(writer, block, piece)) {
      case CPHOST_OK:
        block.rows_written += rows;
        ++block.inserts;
        block.pieces.pop_front();
        writer.outage.recovered();
        writer.backoff.reset();
        break;
      case CPHOST_RETRY:
        piece.unknown = true;
        wait_out(writer, block);
        break;
      case CPHOST_AGAIN:
        wait_out(writer, block);
        break;
      case CPHOST_REJECT:
        piece.unknown = false;
        reject(writer, block);
        break;
      default:
        block.status = status < 0 ? status : CPHOST_FATAL;
        if (status == CPHOST_HALT) stop_ = true;  // not one more block
        close(writer);
    }
  }
  return true;
}

// Opens the sink's writer unless it is open, waiting out an outage. On failure, and when the
// writers are to stop, the block has the reason. False when the thread was left behind.
bool Writers::open(Writer& writer, Block& block) {
  for (;;) {
    if (stopping()) {
      block.status = CPHOST_AGAIN;
      return true;
    }
    if (writer.object) return true;
    int32_t status = CPHOST_OK;
    Failure failure;
    if (!open_once(writer, status, failure)) return false;
    if (writer.object) return true;
    if (status != CPHOST_RETRY) {
      block.status = status < 0 ? status : CPHOST_FATAL;
      block.failure = failure;
      return true;
    }
    ++retries_;
    writer.outage.failed(failure);
    wait_before_retry(writer.backoff.next_ms());
  }
}

// After the sink's call only the writer is touched, until it is clear that it was not left behind.
bool Writers::open_once(Writer& writer, int32_t& status, Failure& failure) {
  {
    const std::lock_guard lock(writer.object_mutex);
    writer.opening = true;
  }
  void* object = nullptr;
  status = writer.sink.sink.open(writer.sink_object, writer.env.raw(), writer.rows->get(), &object);
  if (status != CPHOST_OK || !object) {
    object = nullptr;
    failure = writer.env.take_failure(status);
  }
  const std::lock_guard lock(writer.object_mutex);
  writer.opening = false;
  if (writer.left_behind) {
    if (object) writer.sink.sink.close(object);
    return false;
  }
  writer.object = object;
  return true;
}

int32_t Writers::write_once(Writer& writer, Block& block, BlockPiece& piece) {
  writer.named.clear();
  writer.retry_after_ms = 0;
  writer.slices.clear();
  for (const BlockPart& part : piece.parts) {
    writer.slices.push_back({part.rows, part.begin, part.count});
  }
  const cphost_block sent = {sizeof sent,
                             piece.attempt++,
                             {piece.token.data(), piece.token.size()},
                             row_count(piece.parts),
                             writer.slices.data(),
                             static_cast<uint32_t>(writer.slices.size()),
                             0};
  // noexcept: nothing may be thrown through the sink.
  const cphost_result result = {
      sizeof result, 0, &writer,
      [](void* ctx, int64_t row, const char* code, cphost_str column, cphost_str text) noexcept {
        static_cast<Writer*>(ctx)->named.push_back(
            {row, Rejection::told(Rejection::Stage::kSink, code, column, text)});
      },
      [](void* ctx, uint32_t ms) noexcept { static_cast<Writer*>(ctx)->retry_after_ms = ms; }};
  const int32_t status = sink_.sink.write(writer.object, &sent, &result);
  if (status != CPHOST_OK) block.failure = writer.env.take_failure(status);
  return status;
}

// Waits until the block may be tried again, under the same token; unchanged if nobody knows whether
// it was taken.
void Writers::wait_out(Writer& writer, Block& block) {
  if (stopping()) return;
  ++retries_;
  writer.outage.failed(block.failure);
  wait_before_retry(writer.backoff.next_ms(writer.retry_after_ms));
}

// The first piece was refused, and nothing of it was taken.
void Writers::reject(Writer& writer, Block& block) {
  if (writer.named.empty()) return halve(block);
  const int64_t before = row_count(block.pieces.front().parts);
  refuse_named(writer, block);
  if (row_count(block.pieces.front().parts) < before) return;
  block.status = CPHOST_FATAL;
  block.failure = {CPHOST_FATAL, "MISBEHAVING",
                   "the sink refused rows that the block does not have"};
}

// Takes out the records of the rows that the sink named; the rest keeps its token.
void Writers::refuse_named(Writer& writer, Block& block) {
  std::stable_sort(writer.named.begin(), writer.named.end(),
                   [](const auto& a, const auto& b) { return a.row < b.row; });
  std::vector<int64_t> rows;
  for (const Writer::NamedRow& named : writer.named) rows.push_back(named.row);
  for (BlockRecord& taken : take_records(block.pieces.front().parts, rows)) {
    Rejection& why = writer.named[taken.row].why;
    block.refuse(std::move(taken), std::move(why));
  }
}

// The sink can't name the record that it refuses. The whole has failed for certain, so each half
// may go under a token of its own; a record that is refused alone is the one.
void Writers::halve(Block& block) {
  BlockPiece whole = std::move(block.pieces.front());
  block.pieces.pop_front();
  auto [first, second] = halves(whole.parts);
  if (second.empty()) {
    const BlockPart& part = first.front();
    const int64_t record = part.batch ? part.batch->record_of(part.begin) : part.begin;
    block.refuse({part.batch, record, 0, part.span},
                 {Rejection::Stage::kSink, block.failure.code, "", block.failure.text, -1});
    return;
  }
  block.pieces.push_front({whole.token + "/1", std::move(second), 0, false});
  block.pieces.push_front({whole.token + "/0", std::move(first), 0, false});
}

void Writers::wait_before_retry(int64_t delay_ms) {
  std::unique_lock lock(mutex_);
  stop_signal_.wait_for(lock, std::chrono::milliseconds(delay_ms), [&] { return stopping(); });
}

}  // namespace cphost::host
