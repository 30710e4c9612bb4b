// SPDX-License-Identifier: Apache-2.0
/* The layout of the contract, member by member: what is compiled against 1.0 finds each of them
 * here for ever. Members are added at the end of tables; a line of this file never changes. */
#include <cphost/memory.h>
#include <cphost/plugin.h>
#include <cphost/positions.h>
#include <cphost/rejects.h>
#include <cphost/runs.h>

#define AT(type, member, offset) \
  _Static_assert(offsetof(type, member) == (offset), #type "." #member)

_Static_assert(sizeof(cphost_str) >= 16, "cphost_str shrank");
AT(cphost_str, data, 0);
AT(cphost_str, size, 8);

_Static_assert(sizeof(cphost_value) >= 48, "cphost_value shrank");
AT(cphost_value, set, 0);
AT(cphost_value, count, 4);
AT(cphost_value, i, 8);
AT(cphost_value, f, 16);
AT(cphost_value, s, 24);
AT(cphost_value, items, 40);

_Static_assert(sizeof(cphost_slice) >= 24, "cphost_slice shrank");
AT(cphost_slice, rows, 0);
AT(cphost_slice, begin, 8);
AT(cphost_slice, count, 16);

_Static_assert(sizeof(cphost_commit) >= 48, "cphost_commit shrank");
AT(cphost_commit, stream, 0);
AT(cphost_commit, position, 8);
AT(cphost_commit, note, 24);
AT(cphost_commit, status, 40);
AT(cphost_commit, reserved, 44);

_Static_assert(sizeof(cphost_option) >= 40, "cphost_option shrank");
AT(cphost_option, name, 0);
AT(cphost_option, doc, 8);
AT(cphost_option, default_value, 16);
AT(cphost_option, check, 24);
AT(cphost_option, type, 32);
AT(cphost_option, flags, 36);

_Static_assert(sizeof(cphost_metric) >= 32, "cphost_metric shrank");
AT(cphost_metric, name, 0);
AT(cphost_metric, unit, 8);
AT(cphost_metric, help, 16);
AT(cphost_metric, gauge, 24);
AT(cphost_metric, reserved, 28);

_Static_assert(sizeof(cphost_env) >= 64, "cphost_env shrank");
AT(cphost_env, struct_size, 0);
AT(cphost_env, worker, 4);
AT(cphost_env, workers, 8);
AT(cphost_env, level, 12);
AT(cphost_env, ctx, 16);
AT(cphost_env, log, 24);
AT(cphost_env, fail, 32);
AT(cphost_env, metric, 40);
AT(cphost_env, now_ns, 48);
AT(cphost_env, extension, 56);

_Static_assert(sizeof(cphost_events) >= 72, "cphost_events shrank");
AT(cphost_events, struct_size, 0);
AT(cphost_events, reserved, 4);
AT(cphost_events, ctx, 8);
AT(cphost_events, assigned, 16);
AT(cphost_events, records, 24);
AT(cphost_events, reached, 32);
AT(cphost_events, reject, 40);
AT(cphost_events, ended, 48);
AT(cphost_events, revoking, 56);
AT(cphost_events, lost, 64);

_Static_assert(sizeof(cphost_source) >= 104, "cphost_source shrank");
AT(cphost_source, struct_size, 0);
AT(cphost_source, reserved, 4);
AT(cphost_source, create, 8);
AT(cphost_source, schema, 16);
AT(cphost_source, destroy, 24);
AT(cphost_source, open, 32);
AT(cphost_source, poll, 40);
AT(cphost_source, seek, 48);
AT(cphost_source, close, 56);
AT(cphost_source, commit, 64);
AT(cphost_source, release, 72);
AT(cphost_source, pause, 80);
AT(cphost_source, interrupt, 88);
AT(cphost_source, lag, 96);

_Static_assert(sizeof(cphost_rows) >= 32, "cphost_rows shrank");
AT(cphost_rows, struct_size, 0);
AT(cphost_rows, reserved, 4);
AT(cphost_rows, ctx, 8);
AT(cphost_rows, rows, 16);
AT(cphost_rows, reject, 24);

_Static_assert(sizeof(cphost_format) >= 56, "cphost_format shrank");
AT(cphost_format, struct_size, 0);
AT(cphost_format, reserved, 4);
AT(cphost_format, create, 8);
AT(cphost_format, destroy, 16);
AT(cphost_format, open, 24);
AT(cphost_format, decode, 32);
AT(cphost_format, close, 40);
AT(cphost_format, infer, 48);

_Static_assert(sizeof(cphost_block) >= 48, "cphost_block shrank");
AT(cphost_block, struct_size, 0);
AT(cphost_block, attempt, 4);
AT(cphost_block, token, 8);
AT(cphost_block, rows, 24);
AT(cphost_block, slices, 32);
AT(cphost_block, slice_count, 40);
AT(cphost_block, reserved, 44);

_Static_assert(sizeof(cphost_result) >= 32, "cphost_result shrank");
AT(cphost_result, struct_size, 0);
AT(cphost_result, reserved, 4);
AT(cphost_result, ctx, 8);
AT(cphost_result, reject, 16);
AT(cphost_result, retry_after, 24);

_Static_assert(sizeof(cphost_sink) >= 72, "cphost_sink shrank");
AT(cphost_sink, struct_size, 0);
AT(cphost_sink, reserved, 4);
AT(cphost_sink, create, 8);
AT(cphost_sink, destroy, 16);
AT(cphost_sink, open, 24);
AT(cphost_sink, write, 32);
AT(cphost_sink, close, 40);
AT(cphost_sink, describe, 48);
AT(cphost_sink, prepare, 56);
AT(cphost_sink, interrupt, 64);

_Static_assert(sizeof(cphost_component) >= 80, "cphost_component shrank");
AT(cphost_component, struct_size, 0);
AT(cphost_component, option_count, 4);
AT(cphost_component, option_size, 8);
AT(cphost_component, metric_count, 12);
AT(cphost_component, metric_size, 16);
AT(cphost_component, reserved, 20);
AT(cphost_component, kind, 24);
AT(cphost_component, name, 32);
AT(cphost_component, summary, 40);
AT(cphost_component, table, 48);
AT(cphost_component, options, 56);
AT(cphost_component, metrics, 64);
AT(cphost_component, extension, 72);

_Static_assert(sizeof(cphost_plugin) >= 16, "cphost_plugin shrank");
AT(cphost_plugin, struct_size, 0);
AT(cphost_plugin, component_count, 4);
AT(cphost_plugin, components, 8);

_Static_assert(sizeof(cphost_memory) >= 16, "cphost_memory shrank");
AT(cphost_memory, struct_size, 0);
AT(cphost_memory, reserved, 4);
AT(cphost_memory, bytes, 8);

_Static_assert(sizeof(cphost_condition) >= 32, "cphost_condition shrank");
AT(cphost_condition, column, 0);
AT(cphost_condition, value, 16);

_Static_assert(sizeof(cphost_runs_query) >= 56, "cphost_runs_query shrank");
AT(cphost_runs_query, struct_size, 0);
AT(cphost_runs_query, stream_column_count, 4);
AT(cphost_runs_query, stream_columns, 8);
AT(cphost_runs_query, position_column, 16);
AT(cphost_runs_query, conditions, 32);
AT(cphost_runs_query, condition_count, 40);
AT(cphost_runs_query, reserved, 44);
AT(cphost_runs_query, runs_max, 48);

_Static_assert(sizeof(cphost_runs) >= 16, "cphost_runs shrank");
AT(cphost_runs, struct_size, 0);
AT(cphost_runs, reserved, 4);
AT(cphost_runs, runs, 8);

_Static_assert(sizeof(cphost_kept_stream) >= 112, "cphost_kept_stream shrank");
AT(cphost_kept_stream, struct_size, 0);
AT(cphost_kept_stream, reserved, 4);
AT(cphost_kept_stream, name, 8);
AT(cphost_kept_stream, position, 24);
AT(cphost_kept_stream, note, 40);
AT(cphost_kept_stream, first, 56);
AT(cphost_kept_stream, end, 72);
AT(cphost_kept_stream, target, 88);
AT(cphost_kept_stream, lag, 104);

_Static_assert(sizeof(cphost_position_change) >= 32, "cphost_position_change shrank");
AT(cphost_position_change, name, 0);
AT(cphost_position_change, position, 16);

_Static_assert(sizeof(cphost_positions) >= 24, "cphost_positions shrank");
AT(cphost_positions, struct_size, 0);
AT(cphost_positions, reserved, 4);
AT(cphost_positions, list, 8);
AT(cphost_positions, set, 16);

_Static_assert(sizeof(cphost_rejects_query) >= 88, "cphost_rejects_query shrank");
AT(cphost_rejects_query, struct_size, 0);
AT(cphost_rejects_query, state, 4);
AT(cphost_rejects_query, pipe, 8);
AT(cphost_rejects_query, code, 24);
AT(cphost_rejects_query, since_us, 40);
AT(cphost_rejects_query, after_us, 48);
AT(cphost_rejects_query, after_id, 56);
AT(cphost_rejects_query, rows_max, 72);
AT(cphost_rejects_query, bytes_max, 80);

_Static_assert(sizeof(cphost_rejects) >= 24, "cphost_rejects shrank");
AT(cphost_rejects, struct_size, 0);
AT(cphost_rejects, reserved, 4);
AT(cphost_rejects, read, 8);
AT(cphost_rejects, mark, 16);
