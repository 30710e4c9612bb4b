// SPDX-License-Identifier: Apache-2.0
#include "host/pipe/decoding.hpp"

#include "host/pipe/stop_pipe.hpp"

namespace cphost::host {

Rejects decode_records(const Component& format, void* decoder, ObjectEnv& env, RecordBatch& batch) {
  struct Output {
    RecordBatch& batch;
    Rejects rejects;
    bool bad_record = false;
  } output{batch, {}, false};
  // noexcept: nothing may be thrown through the format.
  const cphost_rows rows = {
      sizeof rows, 0, &output,
      [](void* ctx, ArrowArray* array, const uint32_t* record_of_row) noexcept {
        static_cast<Output*>(ctx)->batch.take_rows(array, record_of_row);
      },
      [](void* ctx, uint32_t record, const char* code, cphost_str column, cphost_str text,
         int64_t offset) noexcept {
        auto& out = *static_cast<Output*>(ctx);
        if (record >= out.batch.record_count()) {
          out.bad_record = true;
        } else if (out.batch.exclude(record)) {
          out.rejects.emplace_back(
              record, Rejection::told(Rejection::Stage::kFormat, code, column, text, offset));
        }
      }};
  const int32_t status = format.format.decode(decoder, &batch.records(), &rows);
  if (status < 0) throw StopPipe::because(format.name, env.take_failure(status));
  if (output.bad_record)
    throw StopPipe(kExitInternal, format.name + " rejected a record that is not in its batch");
  return std::move(output.rejects);
}

}  // namespace cphost::host
