// SPDX-License-Identifier: Apache-2.0
#include "host/pipe/testing/fake_source.hpp"

#include <algorithm>
#include <chrono>

#include <cphost/schema.hpp>

#include "host/pipe/position.hpp"
#include "host/pipe/testing/arrays.hpp"

namespace cphost::host::testing {
namespace {

using Reader = FakeSource::Reader;

Reader& reader_of(void* reader) {
  return *static_cast<Reader*>(reader);
}

std::string text_of(cphost_str text) {
  return {text.data, static_cast<size_t>(text.size)};
}

}  // namespace

FakeSource::FakeSource(Abilities abilities) : keeps_positions(abilities.commit) {
  cphost_source table{};
  table.struct_size = sizeof table;
  table.create = create_fake<FakeSource>;
  table.schema = schema;
  table.destroy = [](void*) {};
  table.open = open;
  table.poll = poll;
  table.seek = seek;
  table.close = close;
  table.commit = abilities.commit ? commit : nullptr;
  table.release = release;
  table.pause = abilities.pause ? pause : nullptr;
  table.interrupt = interrupt;
  component_ = fake_component("source", "fake_source", table);
}

int32_t FakeSource::schema(void*, ArrowSchema* records) {
  Schema{{"_value", "z"},
         {"_stream", "z"},
         {"_offset", "l", {{"cphost.role", "position"}}},
         {"_held", "l"}}
      .export_to(records);
  return CPHOST_OK;
}

int32_t FakeSource::open(void* self, const cphost_env* env, void** reader) {
  auto& source = *static_cast<FakeSource*>(self);
  std::lock_guard hooks(source.hook_mutex_);
  ++source.opens;
  if (source.on_open) {
    if (const auto status = source.on_open(env)) return *status;
  }
  *reader = new Reader(source, env);
  return CPHOST_OK;
}

void FakeSource::close(void* reader) {
  Reader& own = reader_of(reader);
  own.source_.check_call(own, "close");
  {
    std::lock_guard lock(own.source_.mutex_);
    for (const auto& [id, stream] : own.held) {
      own.source_.taken_.erase(stream.stream);
      own.source_.held_.erase(id);
    }
  }
  delete &own;
}

int32_t FakeSource::poll(void* reader, uint32_t max_records, uint64_t max_bytes,
                         uint32_t timeout_ms, const cphost_events* events) {
  Reader& own = reader_of(reader);
  FakeSource& source = own.source_;
  source.check_call(own, "poll");
  if (max_records == 0 || max_bytes == 0) source.problem("poll asked for nothing");
  {
    std::lock_guard hooks(source.hook_mutex_);
    ++source.polls;
    own.in_call_ = true;
    std::optional<int32_t> status;
    if (source.on_poll) status = source.on_poll(own, *events);
    bool told = false;
    if (!status) {
      told = own.assign_free(*events);
      for (auto& [id, stream] : own.held) {
        if (!stream.paused) told |= own.deliver(*events, stream, source.batch_records);
      }
    }
    own.in_call_ = false;
    if (status) return *status;
    if (told) return CPHOST_OK;
  }
  bool done = own.held.empty();
  for (size_t i = own.worker(); i < source.streams.size(); i += own.env_->workers) {
    done = done && source.finished(i);
  }
  if (done) return CPHOST_DONE;
  std::unique_lock lock(source.mutex_);
  source.woken_.wait_for(lock, std::chrono::milliseconds(timeout_ms),
                         [&] { return own.interrupted; });
  own.interrupted = false;
  return CPHOST_AGAIN;
}

void Reader::assign(const cphost_events& events, size_t stream) {
  const FakeStream& made = source_.streams[stream];
  Held one;
  one.stream = stream;
  std::string position, note;
  {
    std::lock_guard lock(source_.mutex_);
    source_.taken_[stream] = true;
    one.id = ++source_.last_id_;
    source_.held_.insert(one.id);
    position = source_.committed_[made.name];
    note = source_.notes_[made.name];
  }
  held[one.id] = one;
  events.assigned(events.ctx, one.id, str(made.name), str(position), str(note));
}

bool Reader::assign_free(const cphost_events& events) {
  bool any = false;
  for (size_t i = worker(); i < source_.streams.size(); i += env_->workers) {
    {
      std::lock_guard lock(source_.mutex_);
      if (source_.taken_[i]) continue;
    }
    if (source_.finished(i)) continue;
    assign(events, i);
    any = true;
  }
  return any;
}

void Reader::revoke(const cphost_events& events, Held& stream, uint32_t deadline_ms) {
  stream.revoking = true;
  events.revoking(events.ctx, stream.id, deadline_ms);
}

void Reader::lose(const cphost_events& events, Held& stream) {
  stream.lost = true;
  events.lost(events.ctx, stream.id);
  std::lock_guard lock(source_.mutex_);
  source_.held_.erase(stream.id);
}

bool Reader::deliver(const cphost_events& events, Held& stream, int64_t records_max) {
  if (!stream.delivering()) return false;
  const FakeStream& made = source_.streams[stream.stream];
  if (std::exchange(stream.tells_start, false)) {
    const std::string start = std::to_string(made.records.front().position - 1);
    events.reached(events.ctx, stream.id, str(start));
  }
  if (stream.next == made.records.size()) {
    if (made.endless) return false;
    end(events, stream);
    return true;
  }
  const FakeRecord& first = made.records[stream.next];
  if (first.rejected) {
    ++stream.next;
    const std::string position = std::to_string(first.position);
    events.reject(events.ctx, stream.id, str(position), "FAKE_TOO_LONG", str("too long"),
                  str(first.value), first.value.size());
    return true;
  }
  std::vector<std::optional<std::string>> values, names;
  std::vector<int64_t> positions;
  while (stream.next < made.records.size() && !made.records[stream.next].rejected &&
         static_cast<int64_t>(positions.size()) < records_max) {
    values.emplace_back(made.records[stream.next].value);
    names.emplace_back(made.name);
    positions.push_back(made.records[stream.next++].position);
  }
  const std::vector<int64_t> held_as(positions.size(), static_cast<int64_t>(stream.id));
  UniqueArray array = struct_array(
      {bytes_column(values), bytes_column(names), fixed_column(positions), fixed_column(held_as)});
  ArrowArray moved = array.move_out();
  events.records(events.ctx, stream.id, &moved);
  return true;
}

void Reader::end(const cphost_events& events, Held& stream) {
  const std::string position = std::to_string(source_.streams[stream.stream].end);
  events.reached(events.ctx, stream.id, str(position));
  stream.ended = true;
  events.ended(events.ctx, stream.id);
}

int32_t FakeSource::seek(void* reader, uint64_t stream, cphost_str after) {
  Reader& own = reader_of(reader);
  FakeSource& source = own.source_;
  source.check_call(own, "seek");
  std::lock_guard hooks(source.hook_mutex_);
  ++source.seeks;
  const auto it = own.held.find(stream);
  if (it == own.held.end() || it->second.sought || it->second.lost) {
    source.problem("a seek of a stream that is not held, or a second one");
    return own.answer(CPHOST_FATAL);
  }
  if (source.on_seek) {
    if (const auto status = source.on_seek(own, it->second)) return *status;
  }
  const auto& records = source.streams[it->second.stream].records;
  const std::string position = text_of(after);
  it->second.next = static_cast<size_t>(
      std::find_if(records.begin(), records.end(),
                   [&](const FakeRecord& record) {
                     return position_less(position, std::to_string(record.position));
                   }) -
      records.begin());
  it->second.sought = true;
  it->second.tells_start = position.empty() && source.streams[it->second.stream].resolves_start;
  return CPHOST_OK;
}

int32_t FakeSource::commit(void* reader, cphost_commit* items, uint32_t n) {
  Reader& own = reader_of(reader);
  FakeSource& source = own.source_;
  source.check_call(own, "commit");
  std::lock_guard hooks(source.hook_mutex_);
  if (!source.keeps_positions) return own.answer(CPHOST_UNSUPPORTED);
  if (n == 0) return CPHOST_OK;
  ++source.commits;
  for (uint32_t i = 0; i < n; ++i) {
    const auto it = own.held.find(items[i].stream);
    if (it == own.held.end() || it->second.lost) {
      source.problem("a commit for a stream that is not held");
      return own.answer(CPHOST_FATAL);
    }
  }
  if (source.on_commit) {
    if (const auto status = source.on_commit(own, items, n)) return *status;
  }
  for (uint32_t i = 0; i < n; ++i) source.commit_item(own, items[i]);
  return CPHOST_OK;
}

void FakeSource::commit_item(Reader& reader, cphost_commit& item) {
  const FakeStream& stream = streams[reader.held.at(item.stream).stream];
  const std::string position = text_of(item.position);
  if (position_less(position, committed(stream.name)))
    problem(stream.name + ": the committed position goes back to " + position);
  if (on_committed) on_committed(stream, position);
  set_committed(stream.name, position);
  set_note(stream.name, text_of(item.note));
  item.status = CPHOST_OK;
}

void FakeSource::release(void* reader, uint64_t stream) {
  Reader& own = reader_of(reader);
  FakeSource& source = own.source_;
  source.check_call(own, "release");
  const auto it = own.held.find(stream);
  if (it == own.held.end()) return source.problem("a release of a stream that is not held");
  std::lock_guard lock(source.mutex_);
  source.taken_.erase(it->second.stream);
  source.held_.erase(stream);
  const Held& held = it->second;
  if (held.ended && !held.revoking && !held.lost) source.let_go_[it->second.stream] = true;
  own.held.erase(it);
}

int32_t FakeSource::pause(void* reader, uint64_t stream, int32_t on) {
  Reader& own = reader_of(reader);
  FakeSource& source = own.source_;
  source.check_call(own, "pause");
  const auto it = own.held.find(stream);
  if (it == own.held.end()) {
    source.problem("a pause of a stream that is not held");
    return own.answer(CPHOST_FATAL);
  }
  if (source.on_pause) {
    if (const auto status = source.on_pause(own, it->second, on != 0)) return *status;
  }
  it->second.paused = on != 0;
  return CPHOST_OK;
}

void FakeSource::interrupt(void* reader) {
  Reader& own = reader_of(reader);
  {
    std::lock_guard lock(own.source_.mutex_);
    own.interrupted = true;
  }
  own.source_.woken_.notify_all();
}

void FakeSource::check_call(Reader& reader, const char* call) {
  if (reader.in_call_) problem(std::string(call) + " from inside the events table");
  if (reader.thread_ != std::this_thread::get_id() && std::string_view(call) != "close")
    problem(std::string(call) + " from another thread");
}

bool FakeSource::finished(size_t stream) const {
  const FakeStream& made = streams[stream];
  if (made.endless) return false;
  if (keeps_positions) return committed(made.name) == std::to_string(made.end);
  std::lock_guard lock(mutex_);
  return let_go_.count(stream) > 0;
}

void FakeSource::problem(std::string what) {
  std::lock_guard lock(mutex_);
  problems_.push_back(std::move(what));
}

std::string FakeSource::committed(const std::string& stream) const {
  std::lock_guard lock(mutex_);
  const auto it = committed_.find(stream);
  return it == committed_.end() ? "" : it->second;
}

void FakeSource::set_committed(const std::string& stream, const std::string& position) {
  std::lock_guard lock(mutex_);
  committed_[stream] = position;
}

std::string FakeSource::note(const std::string& stream) const {
  std::lock_guard lock(mutex_);
  const auto it = notes_.find(stream);
  return it == notes_.end() ? "" : it->second;
}

void FakeSource::set_note(const std::string& stream, const std::string& note) {
  std::lock_guard lock(mutex_);
  notes_[stream] = note;
}

bool FakeSource::all_committed() const {
  for (const FakeStream& stream : streams) {
    if (committed(stream.name) != std::to_string(stream.end)) return false;
  }
  return true;
}

bool FakeSource::is_held(int64_t id) const {
  std::lock_guard lock(mutex_);
  return held_.count(static_cast<uint64_t>(id)) > 0;
}

std::vector<std::string> FakeSource::problems() const {
  std::lock_guard lock(mutex_);
  return problems_;
}

}  // namespace cphost::host::testing
