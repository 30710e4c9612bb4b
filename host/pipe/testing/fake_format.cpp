// SPDX-License-Identifier: Apache-2.0
#include "host/pipe/testing/fake_format.hpp"

#include <atomic>
#include <charconv>
#include <vector>

#include <cphost/schema.hpp>

#include "host/pipe/testing/arrays.hpp"

namespace cphost::host::testing {
namespace {

struct Row {
  FakeValue value;
  int32_t i = 0;
};

const char* type_of(std::string_view column) {
  if (column == "stream") return "z";
  if (column == "i") return "i";
  if (column == "bad") return "C";
  return "l";
}

TestColumn column_of(std::string_view name, const std::vector<Row>& rows) {
  std::vector<std::optional<std::string>> text;
  std::vector<int64_t> longs;
  std::vector<int32_t> ints;
  std::vector<uint8_t> bytes;
  for (const Row& row : rows) {
    if (name == "stream") {
      text.emplace_back(row.value.stream);
    } else if (name == "i") {
      ints.push_back(row.i);
    } else if (name == "bad") {
      bytes.push_back(row.value.fate == 'b' && row.i == row.value.rows / 2);
    } else {
      longs.push_back(row.value.position + (name == "extra"));
    }
  }
  if (name == "stream") return bytes_column(text);
  if (name == "i") return fixed_column(ints);
  if (name == "bad") return fixed_column(bytes);
  return fixed_column(longs);
}

}  // namespace

std::string FakeValue::text() const {
  return stream + " " + std::to_string(position) + " " + std::to_string(rows) + " " + fate;
}

FakeValue FakeValue::parse(std::string_view text) {
  FakeValue value;
  const size_t space = text.find(' ');
  value.stream = text.substr(0, space);
  const char* end = text.data() + text.size();
  const auto position = std::from_chars(text.data() + space + 1, end, value.position);
  const auto rows = std::from_chars(position.ptr + 1, end, value.rows);
  if (rows.ptr + 1 < end) value.fate = rows.ptr[1];
  return value;
}

struct FakeFormat::Decoder {
  FakeFormat* format;
  const cphost_env* env;
  uint32_t column;
  std::vector<std::string> names;
};

FakeFormat::FakeFormat() {
  cphost_format table{};
  table.struct_size = sizeof table;
  table.create = create_fake<FakeFormat>;
  table.destroy = [](void*) {};
  table.open = open;
  table.decode = decode;
  table.close = close;
  component_ = fake_component("format", "fake_format", table);
}

int32_t FakeFormat::open(void* self, const cphost_env* env, const ArrowSchema*, uint32_t column,
                         const ArrowSchema* wanted, ArrowSchema* rows, void** decoder) {
  auto& format = *static_cast<FakeFormat*>(self);
  if (format.on_open) {
    const int32_t status = format.on_open(env, wanted);
    if (status != CPHOST_OK) return status;
  }
  auto own = std::make_unique<Decoder>(Decoder{&format, env, column, {}});
  if (wanted) {
    for (int64_t i = 0; i < wanted->n_children; ++i)
      own->names.push_back(wanted->children[i]->name);
  } else {
    own->names = {"stream", "pos", "i", "bad"};
  }
  Schema schema;
  for (const std::string& name : own->names) schema.add({name, type_of(name)});
  schema.export_to(rows);
  std::atomic_ref(format.decoders_open) += 1;
  *decoder = own.release();
  return CPHOST_OK;
}

int32_t FakeFormat::decode(void* decoder, const ArrowArray* records, const cphost_rows* out) {
  const auto& self = *static_cast<Decoder*>(decoder);
  if (self.format->on_decode) return self.format->on_decode(self.env, *records, *out);
  std::vector<Row> rows;
  std::vector<uint32_t> map;
  bool one_to_one = true;
  for (int64_t i = 0; i < records->length; ++i) {
    const FakeValue value = FakeValue::parse(bytes_at(*records->children[self.column], i));
    if (value.fate == 'x') {
      out->reject(out->ctx, static_cast<uint32_t>(i), "FAKE_SYNTAX", str("value"),
                  str("not what was wanted"), 3);
      one_to_one = false;
      continue;
    }
    one_to_one &= value.rows == 1;
    for (int32_t row = 0; row < value.rows; ++row) {
      rows.push_back({value, row});
      map.push_back(static_cast<uint32_t>(i));
    }
  }
  if (rows.empty() && records->length % 2 == 0) return CPHOST_OK;  // both are allowed: none, empty
  std::vector<TestColumn> columns;
  for (const std::string& name : self.names) columns.push_back(column_of(name, rows));
  UniqueArray array = struct_array(std::move(columns));
  ArrowArray moved = array.move_out();
  moved.length = static_cast<int64_t>(rows.size());
  out->rows(out->ctx, &moved, one_to_one ? nullptr : map.data());
  return CPHOST_OK;
}

void FakeFormat::close(void* decoder) {
  auto* own = static_cast<Decoder*>(decoder);
  std::atomic_ref(own->format->decoders_open) -= 1;
  delete own;
}

}  // namespace cphost::host::testing
