// SPDX-License-Identifier: Apache-2.0
// Exactly-once delivery: the rows of a stream go in ranges, each under one token, and a range is
// sent only when its note is durable. Blocks hold one stream's rows; a replayed range ends at its
// last position and nowhere else.
#include <algorithm>
#include <chrono>
#include <map>
#include <random>
#include <set>
#include <utility>

#include "host/pipe/crc32c.hpp"
#include "host/pipe/position.hpp"
#include "host/pipe/safeguard.hpp"
#include "host/pipe/stop_pipe.hpp"
#include "host/pipe/worker.hpp"

namespace cphost::host {
namespace {

int64_t unix_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::string random_salt() {
  std::random_device device;
  return hex8(device()) + hex8(device());
}

// Of records [begin, count): the first one behind `last`.
int64_t first_behind(const RecordBatch& batch, int64_t begin, std::string_view last) {
  int64_t end = batch.record_count();
  while (begin < end) {
    const int64_t middle = begin + (end - begin) / 2;
    if (position_less(last, batch.position(middle))) {
      end = middle;
    } else {
      begin = middle + 1;
    }
  }
  return begin;
}

std::shared_ptr<Span> position_span(const Stream& stream, const Range& range,
                                    std::string_view last) {
  auto span = std::make_shared<Span>();
  span->stream = stream.id;
  span->range = range.number;
  span->last = last;
  return span;
}

}  // namespace

std::string Worker::token_of(const Stream& stream, const Range& range) const {
  return "cp1:" + config_.name + ":" + stream.name + ":" + range.last + ":" + range.salt;
}

// What an earlier run may have sent is sent again as it was, or not at all where that run knew it
// to be written.
void Worker::take_note(Stream& stream) {
  Note note;
  try {
    note = parse_note(stream.note);
  } catch (const BadNote& bad) {
    throw StopPipe(kExitConfig, stream.name + ": " + bad.what() +
                                    ": it can't be told what was written; nothing is guessed");
  }
  std::erase_if(note.ranges, [&](const NotedRange& range) {
    return !position_less(stream.committed, range.last);
  });
  const bool blind = std::any_of(note.ranges.begin(), note.ranges.end(),
                                 [](const NotedRange& range) { return !range.is_written(); });
  const bool skip = blind && !may_replay(stream, note);
  for (NotedRange& noted : note.ranges) {
    const bool done = skip || noted.is_written();
    Range& range = stream.add_range(done ? Range::State::kDone : Range::State::kReplaying);
    range.last = std::move(noted.last);
    range.salt = std::move(noted.salt);
    range.since_ms = note.since_ms;
    range.from_note = true;
  }
  stream.note_is_old = skip;
  if (blind && !skip) {
    log_.info("what an earlier run left open is written again",
              {{"stream", stream.name}, {"up_to", stream.ranges.back()->last}});
  }
}

// Whether the ranges of a note may be sent again; false: they are to be taken for written. Throws
// StopPipe where the user is to decide.
bool Worker::may_replay(const Stream& stream, const Note& note) {
  const int64_t age_s = (unix_ms() - note.since_ms) / 1000;
  std::string why;
  if (note.recipe != recipe_) {
    why = "was made with another pipe file, table or program";
  } else if (age_s * 1000 >= config_.dedup_window_ms) {
    why = "is " + std::to_string(age_s) + " s old, longer than dedup_window";
  } else {
    return true;
  }
  std::string what = stream.name + ": what may have been written by an earlier run " + why + ":";
  std::string after = stream.committed;
  for (const NotedRange& range : note.ranges) {
    if (!range.is_written()) what += " (" + after + ", " + range.last + "]";
    after = range.last;
  }
  if (config_.on_window_expiry == WindowExpiry::kStop) {
    throw StopPipe(kExitConfig,
                   what +
                       ". Look which of these positions are in the target, then start once with "
                       "on_window_expiry = \"skip\" if all are or \"replay\" if none is; it "
                       "holds for every stream that is left open like this one");
  }
  const bool replay = config_.on_window_expiry == WindowExpiry::kReplay;
  log_.warning(what + (replay ? ": it is written again" : ": it is taken for written"));
  return replay;
}

void Worker::add_ranged(Stream& stream, const std::shared_ptr<RecordBatch>& batch,
                        const Rejects& rejects) {
  const int64_t count = batch->record_count();
  for (int64_t begin = 0, end = 0; begin < count; begin = end) {
    Range* noted = stream.noted_range(batch->position(begin));
    complete_replays(stream, noted);
    end = noted ? first_behind(*batch, begin, noted->last) : count;
    if (noted && noted->state == Range::State::kDone) {
      stream.open.push_back(position_span(stream, *noted, batch->position(end - 1)));
      counters_.filtered += stream.advance();
      continue;
    }
    auto span = std::make_shared<Span>();
    span->batch = batch;
    span->begin = begin;
    span->end = end;
    const bool has_rejects = std::any_of(rejects.begin(), rejects.end(), [&](const auto& reject) {
      return span->has(reject.first);
    });
    if (noted) {
      span->range = noted->number;
    } else if (has_rejects || batch->records_with_rows(begin, end) > 0) {
      Range& range = filling_range(stream);
      range.last = batch->position(end - 1);
      span->range = range.number;
    }
    counters_.in += end - begin;
    add_span(stream, std::move(span), rejects);
    if (noted) complete_replays_up_to(stream, batch->position(end - 1));
  }
}

// For a record that has no batch. False when it is of a range that is written.
bool Worker::put_in_range(Stream& stream, Span& span, std::string_view position) {
  Range* noted = stream.noted_range(position);
  complete_replays(stream, noted);
  if (noted && noted->state == Range::State::kDone) {
    stream.open.push_back(position_span(stream, *noted, position));
    counters_.filtered += stream.advance();
    return false;
  }
  Range& range = noted ? *noted : filling_range(stream);
  if (!noted) range.last = position;
  span.range = range.number;
  return true;
}

Range& Worker::filling_range(Stream& stream) {
  if (!stream.ranges.empty() && stream.ranges.back()->state == Range::State::kFilling)
    return *stream.ranges.back();
  Range& range = stream.add_range(Range::State::kFilling);
  range.born_ms = monotonic_ms();
  return range;
}

// Nothing more comes for what is replayed before that range (null: for any); but what a revoke cuts
// off comes elsewhere.
void Worker::complete_replays(Stream& stream, const Range* before) {
  if (stream.deadline_ms >= 0) return;
  for (const auto& range : stream.ranges) {
    if (range.get() == before) break;
    if (range->state == Range::State::kReplaying) complete(stream, *range);
  }
  counters_.filtered += stream.advance();
}

// Nothing more comes up to there.
void Worker::complete_replays_up_to(Stream& stream, std::string_view position) {
  for (const auto& range : stream.ranges) {
    if (range->state == Range::State::kReplaying && !position_less(position, range->last))
      complete(stream, *range);
  }
  counters_.filtered += stream.advance();
}

// A replayed range has all of its records, but for those that compaction or retention took.
void Worker::complete(Stream& stream, Range& range) {
  const std::string& reached = stream.open.empty() ? stream.watermark : stream.open.back()->last;
  if (position_less(reached, range.last))
    stream.open.push_back(position_span(stream, range, range.last));
  range.state = Range::State::kNoted;
  send(stream, range);
}

// Reading must go on though the budget is spent: a range that is replayed can't be sealed before
// its end, and had room when it was first read.
bool Worker::only_replays_wait() const {
  if (!exactly_once() || !idle()) return false;
  return any_stream([](const Stream& s) {
    return !s.ending && std::any_of(s.ranges.begin(), s.ranges.end(), [](const auto& range) {
      return range->state == Range::State::kReplaying;
    });
  });
}

bool Worker::is_due(const Stream& stream, const Range& range) const {
  if (stream.ending || nothing_more_comes()) return true;
  return monotonic_ms() - range.born_ms >= config_.block.wait_max_ms ||
         range.block->rows >= config_.block.rows_max || range.block->bytes >= block_bytes_max() ||
         static_cast<int64_t>(range.refused.size()) >= ErrorTable::kRowsMax ||
         range.refused_bytes >= ErrorTable::kBytesMax;
}

void Worker::seal_ranges_when_due() {
  seal_now_ = false;
  if (any_stream([](const Stream& s) { return s.start_pending; })) return;
  std::pair<Stream*, Range*> largest{nullptr, nullptr};
  bool waits = writers_->in_flight() > 0;
  const bool no_room = budget_.exhausted();
  for (auto& [id, stream] : streams_) {
    if (stream.ranges.empty()) continue;
    Range& range = *stream.ranges.back();
    waits |= range.state == Range::State::kSealed;
    if (range.state != Range::State::kFilling) continue;
    const bool due = is_due(stream, range);
    if (!(due || no_room) || !stream.can_seal()) continue;
    if (due) {
      seal_range(stream, range);
      waits = true;
    } else if (!largest.second || largest.second->block->bytes < range.block->bytes) {
      largest = {&stream, &range};
    }
  }
  if (largest.second && !waits) seal_range(*largest.first, *largest.second);
}

void Worker::seal_range(Stream& stream, Range& range) {
  const bool waits = in_force(Safeguard::kNoteBeforeInsert);
  range.state = waits ? Range::State::kSealed : Range::State::kNoted;
  range.salt = random_salt();
  range.since_ms = unix_ms();
  stream.note_is_old = true;
  commit_now_ = true;
}

void Worker::send_noted() {
  for (auto& [id, stream] : streams_) {
    const Range* before = nullptr;
    for (const auto& range : stream.ranges) {
      // A rest may be refused too, and then its first half needs a place in the note.
      const bool held =
          range->held && ((before && before->state != Range::State::kDone) || !stream.can_cut());
      if (range->state == Range::State::kNoted && !range->sent && !held) send(stream, *range);
      before = range.get();
    }
  }
}

// Its note is durable.
void Worker::send(Stream& stream, Range& range) {
  range.sent = true;
  auto block = std::move(range.block);
  if (block->shares.empty()) return write_rejects(stream, range);
  block->stream = stream.id;
  block->range = range.number;
  block->seal(token_of(stream, range), true);
  put_block(std::move(block));
}

// Once no row of the range can be refused any more.
void Worker::write_rejects(Stream& stream, Range& range) {
  if (range.refused.empty()) return;
  errors_->write(stream.name, std::exchange(range.refused, {}),
                 token_of(stream, range) + ":errors");
}

void Worker::rows_are_written(const Block& block) {
  const auto it = streams_.find(block.stream);
  if (it == streams_.end()) return;
  if (Range* range = it->second.find_range(block.range)) write_rejects(it->second, *range);
}

// The sink refused a block, nothing of it was taken, and it can't name the record. So the range is
// cut: nothing stands under its token, and each half may go under one of its own, once they are
// noted. The second half waits for the first, so that however often that is cut there is one of it.
void Worker::refused_unnamed(std::unique_ptr<Block> block) {
  const auto it = streams_.find(block->stream);
  Range* range = it == streams_.end() ? nullptr : it->second.find_range(block->range);
  if (!range) return;
  const auto [first, second] = halves(block->pieces.front().parts);
  cut_range(it->second, *range, second.front());
  ++counters_.retries;
}

// `from` begins the second half.
void Worker::cut_range(Stream& stream, Range& range, const BlockPart& from) {
  Range& rest = stream.rest_of(range);
  const auto is_cut = [&](const auto& span) { return span.get() == from.span; };
  const auto cut = std::find_if(stream.open.begin(), stream.open.end(), is_cut);
  auto at = cut;
  if (const int64_t record = from.batch->record_of(from.begin); record > (*cut)->begin)
    at = stream.open.insert(cut + 1, cut_span(*cut, record, range));
  for (auto it = at; it != stream.open.end(); ++it) {
    if ((*it)->range == range.number) (*it)->range = rest.number;
  }
  const auto goes = std::stable_partition(
      range.refused.begin(), range.refused.end(),
      [&](const Refused& refused) { return refused.span->range == range.number; });
  rest.refused.insert(rest.refused.begin(), std::make_move_iterator(goes),
                      std::make_move_iterator(range.refused.end()));
  range.refused.erase(goes, range.refused.end());
  for (Range* part : {&range, &rest}) {
    part->block = std::make_unique<Block>();
    for (const auto& span : stream.open) {
      if (span->range != part->number) continue;
      if (part == &range) range.last = span->last;
      if (span->batch && span->with_rows > 0) part->block->add(span);
    }
    part->sent = false;
    seal_range(stream, *part);
  }
}

// The part of a span from `record` on.
std::shared_ptr<Span> Worker::cut_span(const std::shared_ptr<Span>& span, int64_t record,
                                       Range& range) {
  RecordBatch& batch = *span->batch;
  auto rest = std::make_shared<Span>();
  rest->batch = span->batch;
  rest->stream = span->stream;
  rest->range = span->range;
  rest->begin = record;
  rest->end = std::exchange(span->end, record);
  rest->last = std::exchange(span->last, batch.position(record - 1));
  int64_t refused = 0;
  for (Refused& one : range.refused) {
    if (one.span != span || one.record < record) continue;
    one.span = rest;
    ++refused;
  }
  rest->with_rows = batch.records_with_rows(rest->begin, rest->end);
  rest->unsettled = rest->with_rows + refused;
  rest->filtered = rest->end - rest->begin - rest->unsettled;
  span->with_rows -= rest->with_rows;
  span->unsettled -= rest->unsettled;
  span->filtered -= rest->filtered;
  return rest;
}

// After a change of the target: every block that is not written is made anew, under its token.
void Worker::decode_ranges_again() {
  for (auto& block : std::exchange(unwritten_, {})) {
    const auto it = streams_.find(block->stream);
    Range* range = it == streams_.end() ? nullptr : it->second.find_range(block->range);
    if (!range) continue;
    if (block->pieces.front().unknown || range->from_note) {
      throw StopPipe(kExitConfig,
                     "the target has changed while it is not known whether a block of " +
                         it->second.name + " up to " + range->last +
                         " was written: exactly-once delivery can't go on by itself");
    }
    range->block = std::move(block);
  }
  std::map<RecordBatch*, Rejects> decoded;
  for (auto& [id, stream] : streams_) {
    for (const auto& range : stream.ranges) {
      if (range->block) remake_block(stream, *range, decoded);
    }
  }
  advance_all();
}

void Worker::remake_block(Stream& stream, Range& range, std::map<RecordBatch*, Rejects>& decoded) {
  range.block = std::make_unique<Block>();
  for (const auto& span : stream.open) {
    if (span->range != range.number || !span->batch || span->dropped) continue;
    RecordBatch& batch = *span->batch;
    if (decoded.find(&batch) == decoded.end()) {
      batch.forget_rows();
      decoded[&batch] = decode(batch);
    }
    recount(span, decoded[&batch]);
    if (span->with_rows > 0) range.block->add(span);
  }
  range.sent = false;
}

}  // namespace cphost::host
