// SPDX-License-Identifier: Apache-2.0
// decoder.hpp: records of JSON straight into columns: no tree, no index, one pass.
//
//     Decoder decoder(settings, records schema, column, wanted schema);
//     decoder.schema()
//     decoder.decode(records, out);     a batch, again and again
//
// A record is read key by key. The usual spelling of a value is converted where it stands (value),
// everything else takes the general way (other_value), which also finds the reasons. A record that
// fails leaves nothing behind: its rows are rolled back. One thread; allocates nothing per record.
#pragma once

#include <cphost/columns/builder.hpp>
#include <cphost/columns/padded.hpp>
#include <cphost/format.hpp>

#include <string>
#include <vector>

#include "options.hpp"
#include "paths.hpp"
#include "scanner.hpp"

namespace json {

class Decoder {
 public:
  // Throws Error (config).
  Decoder(const Settings& settings, const ArrowSchema& records, uint32_t column,
          const ArrowSchema& wanted);

  cphost::Schema schema() const { return builder_.schema(); }
  void decode(const ArrowArray& records, cphost::Rows& out);

 private:
  using Column = cphost::columns::Column;

  bool record(const Byte* begin, const Byte* end);
  const Byte* many(const Byte* p);
  const Byte* array_of_rows(const Byte* p);
  const Byte* row(const Byte* p);
  void reject(uint32_t record, const Byte* begin, cphost::Rows& out);

  template <bool kTop>
  const Byte* members(const Byte* p, Node& node, uint32_t base, unsigned depth, size_t& filled);
  const Byte* find_key(const Byte* p, Node& node, Key*& key);
  const Byte* branch(Key& key, const Byte* p, unsigned depth, size_t& filled);

  const Byte* value(Column& column, const Byte* p, unsigned depth);
  const Byte* element(Column& column, const Byte* p, unsigned depth);
  const Byte* other_value(Column& column, const Byte* p, unsigned depth);
  const Byte* long_text(Column& column, const Byte* p);
  const Byte* text_value(Column& column, const Byte* p);
  const Byte* source_text(Column& column, const Byte* p, unsigned depth);
  const Byte* list(Column& column, const Byte* p, unsigned depth);
  const Byte* map(Column& column, const Byte* p, unsigned depth);
  const Byte* tuple(Column& column, const Byte* p, unsigned depth);
  const Byte* tuple_of_array(Column& column, const Byte* p, unsigned depth);

  void begin_record_numbers(uint32_t rows);
  Byte* scratch(size_t bytes);

  const Settings settings_;
  const uint32_t column_;
  cphost::columns::Builder builder_;
  Paths paths_;
  cphost::columns::PaddedRecords padded_;
  std::vector<uint32_t> record_of_row_;
  std::vector<Byte> scratch_;
  const Byte* end_ = nullptr;  // of the record under way
  uint64_t serial_ = 0;        // of the row under way: marks the nodes that it has been to
  Failure failure_;
};

}  // namespace json
