// SPDX-License-Identifier: Apache-2.0
/* A plugin in plain C with a source, a format and two sinks that do nothing, and an option of every
 * kind. Its tables end where the optional functions begin, as those of a plugin built with an older
 * SDK may. */
#include <cphost/plugin.h>

CPHOST_NOTE("sample", "1.2.3", "Apache-2.0",
            "source:sample,format:sample,sink:sample,sink:tableless");

static int32_t create(const cphost_env* env, const cphost_value* options, void** self) {
  (void)env;
  (void)options;
  *self = NULL;
  return CPHOST_OK;
}
static int32_t create_with_a_bug(const cphost_env* env, const cphost_value* options, void** self) {
  (void)options;
  *self = NULL;
  static const char text[] = "the sample has a bug";
  return env->fail(env, CPHOST_FATAL, "BUG", (cphost_str){text, sizeof text - 1});
}
static void destroy(void* self) {
  (void)self;
}
static int32_t schema(void* self, struct ArrowSchema* records) {
  (void)self;
  (void)records;
  return CPHOST_UNSUPPORTED;
}
static int32_t open_reader(void* self, const cphost_env* env, void** reader) {
  (void)self;
  *reader = NULL;
  static const char text[] = "no broker answers at localhost:1";
  return env->fail(env, CPHOST_RETRY, "UNREACHABLE", (cphost_str){text, sizeof text - 1});
}
static int32_t poll(void* reader, uint32_t max_records, uint64_t max_bytes, uint32_t timeout_ms,
                    const cphost_events* events) {
  (void)reader;
  (void)max_records;
  (void)max_bytes;
  (void)timeout_ms;
  (void)events;
  return CPHOST_DONE;
}
static int32_t seek(void* reader, uint64_t stream, cphost_str after) {
  (void)reader;
  (void)stream;
  (void)after;
  return CPHOST_OK;
}
static void close_object(void* object) {
  (void)object;
}
static int32_t open_decoder(void* self, const cphost_env* env, const struct ArrowSchema* records,
                            uint32_t column, const struct ArrowSchema* wanted,
                            struct ArrowSchema* rows, void** decoder) {
  (void)self;
  (void)env;
  (void)records;
  (void)column;
  (void)wanted;
  (void)rows;
  *decoder = NULL;
  return CPHOST_OK;
}
static int32_t decode(void* decoder, const struct ArrowArray* records, const cphost_rows* out) {
  (void)decoder;
  (void)records;
  (void)out;
  return CPHOST_OK;
}
static int32_t open_writer(void* self, const cphost_env* env, const struct ArrowSchema* rows,
                           void** writer) {
  (void)self;
  (void)env;
  (void)rows;
  *writer = NULL;
  return CPHOST_OK;
}
static int32_t write_block(void* writer, const cphost_block* block, const cphost_result* result) {
  (void)writer;
  (void)block;
  (void)result;
  return CPHOST_OK;
}

/* Not NULL, to prove that the host does not look beyond struct_size. */
static const cphost_source source_table = {.struct_size = offsetof(cphost_source, commit),
                                           .create = create,
                                           .schema = schema,
                                           .destroy = destroy,
                                           .open = open_reader,
                                           .poll = poll,
                                           .seek = seek,
                                           .close = close_object,
                                           .interrupt = close_object};
static const cphost_format format_table = {.struct_size = sizeof(cphost_format),
                                           .create = create,
                                           .destroy = destroy,
                                           .open = open_decoder,
                                           .decode = decode,
                                           .close = close_object};
static const cphost_sink sink_table = {.struct_size = offsetof(cphost_sink, describe),
                                       .create = create,
                                       .destroy = destroy,
                                       .open = open_writer,
                                       .write = write_block,
                                       .close = close_object};

static const cphost_sink tableless_table = {.struct_size = offsetof(cphost_sink, describe),
                                            .create = create_with_a_bug,
                                            .destroy = destroy,
                                            .open = open_writer,
                                            .write = write_block,
                                            .close = close_object};

static const cphost_option source_options[] = {
    {"brokers", "Where to begin: \"host:port\", comma-separated.", NULL, NULL, CPHOST_STRING,
     CPHOST_REQUIRED},
    {"topics", "The topics to read.", NULL, NULL, CPHOST_LIST, CPHOST_REQUIRED},
    {"start", "Where a group without positions begins.", "earliest", "earliest|latest",
     CPHOST_STRING, 0},
    {"session_timeout", "How long a silent member stays in the group.", "45s", "1s..30m",
     CPHOST_DURATION, 0},
    {"fetch", "The most that is fetched ahead.", "64MiB", "1MiB..1GiB", CPHOST_BYTES,
     CPHOST_ADVANCED},
    {"ratio", "Part of the records that is read.", "1.0", "0..1", CPHOST_FLOAT, CPHOST_ADVANCED},
    {"limit", "How many records are read.", NULL, "1..", CPHOST_INT, 0},
    {"password", "The password of the user.", NULL, NULL, CPHOST_STRING, CPHOST_SECRET},
    {"client", "Settings of the client that are passed on.", NULL, NULL, CPHOST_MAP,
     CPHOST_ADVANCED},
    {"old_limit", "Use limit.", NULL, NULL, CPHOST_INT, CPHOST_DEPRECATED},
};
static const cphost_metric source_metrics[] = {
    {"fetch_bytes", "bytes", "Bytes that came over the network.", 0, 0},
    {"queue_records", "records", "Records that wait in the client.", 1, 0},
};
static const cphost_option format_options[] = {
    {"rows", "Whether a record is one object or many.", "one", "one|many", CPHOST_STRING, 0},
};
static const cphost_option sink_options[] = {
    {"url", "Where the server listens.", "http://localhost:8123", "/https?:\\/\\/.+/",
     CPHOST_STRING, 0},
    {"table", "The table that is filled.", NULL, NULL, CPHOST_STRING, CPHOST_REQUIRED},
    {"create_table", "Makes the table when it does not exist.", "false", NULL, CPHOST_BOOL, 0},
    {"ttl", "How long rows are kept.", NULL, NULL, CPHOST_DURATION, 0},
    {"headers", "Headers that are sent along.", "{ Accept = \"a|b\" }", NULL, CPHOST_MAP, 0},
};

static const cphost_component source_component = {
    .struct_size = sizeof(cphost_component),
    .option_count = sizeof source_options / sizeof *source_options,
    .option_size = sizeof(cphost_option),
    .metric_count = 2,
    .metric_size = sizeof(cphost_metric),
    .kind = "source",
    .name = "sample",
    .summary = "Reads nothing.",
    .table = &source_table,
    .options = source_options,
    .metrics = source_metrics};
static const cphost_component format_component = {.struct_size = sizeof(cphost_component),
                                                  .option_count = 1,
                                                  .option_size = sizeof(cphost_option),
                                                  .kind = "format",
                                                  .name = "sample",
                                                  .summary = "Decodes nothing.",
                                                  .table = &format_table,
                                                  .options = format_options};
static const cphost_component sink_component = {
    .struct_size = sizeof(cphost_component),
    .option_count = sizeof sink_options / sizeof *sink_options,
    .option_size = sizeof(cphost_option),
    .kind = "sink",
    .name = "sample",
    .summary = "Writes nothing.",
    .table = &sink_table,
    .options = sink_options};
static const cphost_component tableless_component = {
    .struct_size = sizeof(cphost_component),
    .kind = "sink",
    .name = "tableless",
    .summary = "Can't be created and has no options.",
    .table = &tableless_table};
static const cphost_component* const components[] = {&source_component, &format_component,
                                                     &sink_component, &tableless_component};
static const cphost_plugin plugin = {sizeof(cphost_plugin), 4, components};

CPHOST_EXPORT const cphost_plugin* cphost_plugin_v1(void) {
  return &plugin;
}
