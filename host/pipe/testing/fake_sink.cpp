// SPDX-License-Identifier: Apache-2.0
#include "host/pipe/testing/fake_sink.hpp"

#include <chrono>
#include <thread>

namespace cphost::host::testing {
namespace {

std::vector<FakeSink::Row> rows_of(const ArrowSchema& schema, const cphost_block& block) {
  const bool errors = find(schema, "raw_size") >= 0;
  const int stream = find(schema, "stream");
  const int position = find(schema, errors ? "position" : "pos");
  const int offset = find(schema, "_offset");
  const int number = errors ? -1 : find(schema, "i");
  const int bad = errors ? -1 : find(schema, "bad");
  const int held = find(schema, "_held");
  std::vector<FakeSink::Row> rows;
  for (uint32_t s = 0; s < block.slice_count; ++s) {
    const cphost_slice& slice = block.slices[s];
    for (int64_t at = slice.begin; at < slice.begin + slice.count; ++at) {
      const auto child = [&](int i) -> const ArrowArray& { return *slice.rows->children[i]; };
      FakeSink::Row row;
      row.stream = bytes_at(child(stream), at);
      row.position = errors ? std::stoll(std::string(bytes_at(child(position), at)))
                            : value_at<int64_t>(child(position), at);
      if (number >= 0) row.i = value_at<int32_t>(child(number), at);
      if (bad >= 0) row.bad = value_at<uint8_t>(child(bad), at) != 0;
      if (held >= 0) row.held = value_at<int64_t>(child(held), at);
      // The source's own column stands beside the row of its record.
      if (offset >= 0 && value_at<int64_t>(child(offset), at) != row.position) row.stream = "TORN";
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

std::string text_of(const std::vector<FakeSink::Row>& rows) {
  std::string text;
  for (const auto& row : rows) {
    text += row.stream + " " + std::to_string(row.position) + " " + std::to_string(row.i) + "\n";
  }
  return text;
}

}  // namespace

struct FakeSink::Writer {
  FakeSink* sink;
  const cphost_env* env;
  const ArrowSchema* rows;
  std::thread::id thread = std::this_thread::get_id();
};

FakeSink::FakeSink(const char* name) {
  cphost_sink table{};
  table.struct_size = sizeof table;
  table.create = [](const cphost_env* env, const cphost_value* options, void** self) {
    const int32_t status = create_fake<FakeSink>(env, options, self);
    static_cast<FakeSink*>(*self)->env_ = env;
    return status;
  };
  table.destroy = [](void*) {};
  table.open = open;
  table.write = write;
  table.close = close;
  table.describe = describe;
  table.prepare = prepare;
  table.interrupt = interrupt;
  component_ = fake_component("sink", name, table);
}

void FakeSink::Write::make_durable() {
  std::lock_guard lock(sink.mutex_);
  const std::string text = text_of(rows);
  const auto [known, fresh] = sink.tokens_.emplace(token(), text);
  if (!fresh) {
    if (known->second != text) sink.problems_.push_back("token " + token() + " for other rows");
    return;
  }
  for (const Row& row : rows) {
    ++sink.durable_[row.key()];
    if (sink.on_durable) sink.on_durable(row);
  }
}

void FakeSink::Write::reject(int64_t row) const {
  result.reject(result.ctx, row, "FAKE_REFUSED", str("bad"), str("the sink does not take it"));
}

void FakeSink::Write::wait_for_interrupt(int64_t timeout_ms) {
  std::unique_lock lock(sink.mutex_);
  const int before = sink.interrupts_;
  sink.interrupted_.wait_for(lock, std::chrono::milliseconds(timeout_ms),
                             [&] { return sink.interrupts_ != before; });
}

int32_t FakeSink::open(void* self, const cphost_env* env, const ArrowSchema* rows, void** writer) {
  auto& sink = *static_cast<FakeSink*>(self);
  if (sink.on_open) {
    std::lock_guard lock(sink.hook_mutex_);
    if (const auto status = sink.on_open(env, *rows)) return *status;
  }
  *writer = new Writer{&sink, env, rows};
  return CPHOST_OK;
}

int32_t FakeSink::write(void* writer, const cphost_block* block, const cphost_result* result) {
  const auto& own = *static_cast<Writer*>(writer);
  FakeSink& sink = *own.sink;
  Write write{sink, own.env, *block, *result, rows_of(*own.rows, *block)};
  {
    std::lock_guard lock(sink.mutex_);
    ++sink.writes_;
    if (own.thread != std::this_thread::get_id())
      sink.problems_.push_back("a writer was called from another thread");
    if (block->rows < 1 || block->rows != static_cast<int64_t>(write.rows.size()))
      sink.problems_.push_back("a block of " + std::to_string(block->rows) + " rows");
  }
  return sink.take(write);
}

int32_t FakeSink::take(Write& write) {
  if (on_write) {
    std::lock_guard lock(hook_mutex_);
    if (const auto status = on_write(write)) return *status;
  }
  int named = 0;
  bool any_bad = false;
  for (size_t i = 0; i < write.rows.size(); ++i) {
    if (!write.rows[i].bad) continue;
    any_bad = true;
    if (named++ < name_at_most) write.reject(static_cast<int64_t>(i));
  }
  if (any_bad) return write.answer(CPHOST_REJECT);
  write.make_durable();
  return CPHOST_OK;
}

void FakeSink::close(void* writer) {
  delete static_cast<Writer*>(writer);
}

int32_t FakeSink::describe(void* self, ArrowSchema* target) {
  auto& sink = *static_cast<FakeSink*>(self);
  if (sink.on_describe) {
    std::lock_guard lock(sink.hook_mutex_);
    if (const auto status = sink.on_describe(sink.env_)) return *status;
  }
  std::lock_guard lock(sink.mutex_);
  if (!sink.target_) return CPHOST_UNSUPPORTED;
  sink.target_->export_to(target);
  return CPHOST_OK;
}

int32_t FakeSink::prepare(void* self, const ArrowSchema*, uint32_t flags, void*,
                          void (*)(void*, cphost_str)) {
  auto& sink = *static_cast<FakeSink*>(self);
  if (!sink.on_prepare) return CPHOST_OK;
  std::lock_guard lock(sink.hook_mutex_);
  return sink.on_prepare(sink.env_, flags).value_or(CPHOST_OK);
}

void FakeSink::interrupt(void* writer) {
  FakeSink& sink = *static_cast<Writer*>(writer)->sink;
  std::lock_guard lock(sink.mutex_);
  ++sink.interrupts_;
  sink.interrupted_.notify_all();
}

void FakeSink::set_target(std::vector<Field> fields) {
  std::lock_guard lock(mutex_);
  target_ = Schema(std::move(fields));
}

int64_t FakeSink::durable(const std::string& stream, int64_t position, int32_t i) const {
  std::lock_guard lock(mutex_);
  const auto it = durable_.find({stream, position, i});
  return it == durable_.end() ? 0 : it->second;
}

size_t FakeSink::durable_rows() const {
  std::lock_guard lock(mutex_);
  return durable_.size();
}

size_t FakeSink::doubled_rows() const {
  std::lock_guard lock(mutex_);
  size_t doubled = 0;
  for (const auto& [row, times] : durable_) doubled += times > 1;
  return doubled;
}

int64_t FakeSink::writes() const {
  std::lock_guard lock(mutex_);
  return writes_;
}

std::string FakeSink::tokens_of(const std::string& stream, int64_t position, int32_t i) const {
  std::lock_guard lock(mutex_);
  const std::string row =
      "\n" + stream + " " + std::to_string(position) + " " + std::to_string(i) + "\n";
  std::string found;
  for (const auto& [token, text] : tokens_) {
    if (("\n" + text).find(row) != text.npos) found += " " + token;
  }
  return found;
}

size_t FakeSink::blocks() const {
  std::lock_guard lock(mutex_);
  return tokens_.size();
}

std::vector<std::string> FakeSink::problems() const {
  std::lock_guard lock(mutex_);
  return problems_;
}

}  // namespace cphost::host::testing
