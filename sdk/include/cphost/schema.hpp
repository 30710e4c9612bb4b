// SPDX-License-Identifier: Apache-2.0
// cphost/schema.hpp: makes schemas, and copies them.
//
//     const cphost::Schema schema{{"_value", "z"}, {"_offset", "l", {{"cphost.role",
//     "position"}}}};
//
// A Schema is a plain value. What export_to fills owns its memory and lives until its release. Not
// for hot paths: a schema is exchanged once an open.
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "arrow.hpp"
#include "status.hpp"

namespace cphost {

using Metadata = std::vector<std::pair<std::string, std::string>>;

struct Field {
  std::string name;
  std::string format;  // as Arrow's C Data Interface writes types: "l", "z", "tsm:UTC", "+s"
  Metadata metadata = {};
  std::vector<Field> children = {};
  bool nullable = true;
  bool keys_sorted = false;

  std::string_view get(std::string_view key) const {
    for (const auto& [k, value] : metadata) {
      if (k == key) return value;
    }
    return {};
  }
  // Adds the entry, or replaces its value.
  void set(std::string_view key, std::string_view value) {
    for (auto& entry : metadata) {
      if (entry.first == key) {
        entry.second = value;
        return;
      }
    }
    metadata.emplace_back(key, value);
  }
};

// The full ClickHouse type of a field, or "".
inline std::string_view clickhouse_type(const Field& field) {
  return field.get(kExtensionName) == kClickHouseType ? field.get(kExtensionMetadata)
                                                      : std::string_view();
}
inline void set_clickhouse_type(Field& field, std::string_view type) {
  field.set(kExtensionName, kClickHouseType);
  field.set(kExtensionMetadata, type);
}

// A deep copy of a field with all below it.
inline Field field_of(const ArrowSchema& schema) {
  if (schema.dictionary != nullptr) {
    throw Error(
        fatal, "ARROW_PROFILE",
        "field " + std::string(name_of(schema)) + " has a dictionary, which cph-arrow/1 does not");
  }
  Field field{std::string(name_of(schema)),
              schema.format,
              {},
              {},
              is_nullable(schema),
              (schema.flags & ARROW_FLAG_MAP_KEYS_SORTED) != 0};
  for_each_metadata(schema, [&](std::string_view key, std::string_view value) {
    field.metadata.emplace_back(key, value);
    return false;
  });
  for (int64_t i = 0; i < schema.n_children; ++i)
    field.children.push_back(field_of(*schema.children[i]));
  return field;
}

// Fills `out`, which the caller releases. Each node owns its own part, so a child may be moved out
// of its parent.
void export_field(const Field& field, ArrowSchema* out);

// The struct of the columns of batches.
class Schema {
 public:
  Schema() = default;
  Schema(std::initializer_list<Field> fields) : fields_(fields) {}
  explicit Schema(std::vector<Field> fields) : fields_(std::move(fields)) {}
  explicit Schema(const ArrowSchema& schema) : fields_(field_of(schema).children) {}

  size_t size() const { return fields_.size(); }
  const std::vector<Field>& fields() const { return fields_; }
  std::vector<Field>& fields() { return fields_; }
  const Field& operator[](size_t i) const { return fields_[i]; }
  Field& operator[](size_t i) { return fields_[i]; }
  void add(Field field) { fields_.push_back(std::move(field)); }

  // The number of the column with that name, or -1.
  int find(std::string_view name) const {
    for (size_t i = 0; i < fields_.size(); ++i) {
      if (fields_[i].name == name) return static_cast<int>(i);
    }
    return -1;
  }

  void export_to(ArrowSchema* out) const {
    export_field(Field{"", "+s", {}, fields_, false, false}, out);
  }
  UniqueSchema to_arrow() const {
    UniqueSchema schema;
    export_to(schema.out());
    return schema;
  }

 private:
  std::vector<Field> fields_;
};

// A copy that lives as long as it is kept, of a schema that is valid for the call only.
inline UniqueSchema deep_copy(const ArrowSchema& schema) {
  UniqueSchema copy;
  export_field(field_of(schema), copy.out());
  return copy;
}

namespace detail {

struct SchemaNode {
  std::string format, name, metadata;
  std::vector<ArrowSchema> children;
  std::vector<ArrowSchema*> pointers;
};

inline std::string encode_metadata(const Metadata& entries) {
  std::string out;
  if (entries.empty()) return out;
  const auto number = [&out](size_t n) {
    const auto value = static_cast<int32_t>(n);
    out.append(reinterpret_cast<const char*>(&value), sizeof value);
  };
  number(entries.size());
  for (const auto& [key, value] : entries) {
    number(key.size());
    out += key;
    number(value.size());
    out += value;
  }
  return out;
}

inline void release_schema(ArrowSchema* schema) {
  auto* node = static_cast<SchemaNode*>(schema->private_data);
  for (ArrowSchema& child : node->children) {
    if (child.release != nullptr) child.release(&child);
  }
  delete node;
  schema->release = nullptr;
}

}  // namespace detail

inline void export_field(const Field& field, ArrowSchema* out) {
  auto node = std::make_unique<detail::SchemaNode>();
  node->format = field.format;
  node->name = field.name;
  node->metadata = detail::encode_metadata(field.metadata);
  node->children.resize(field.children.size());
  const auto undo = [&node] {
    for (ArrowSchema& child : node->children) {
      if (child.release != nullptr) child.release(&child);
    }
  };
  try {
    for (size_t i = 0; i < field.children.size(); ++i) {
      export_field(field.children[i], &node->children[i]);
      node->pointers.push_back(&node->children[i]);
    }
  } catch (...) {
    undo();
    throw;
  }
  *out = {};
  out->format = node->format.c_str();
  out->name = node->name.c_str();
  out->metadata = node->metadata.empty() ? nullptr : node->metadata.data();
  out->flags = (field.nullable ? ARROW_FLAG_NULLABLE : 0) |
               (field.keys_sorted ? ARROW_FLAG_MAP_KEYS_SORTED : 0);
  out->n_children = static_cast<int64_t>(node->pointers.size());
  out->children = node->pointers.empty() ? nullptr : node->pointers.data();
  out->release = detail::release_schema;
  out->private_data = node.release();
}

}  // namespace cphost
