// SPDX-License-Identifier: Apache-2.0
#include <cphost/schema.hpp>

#include <gtest/gtest.h>

namespace {

using cphost::Field;
using cphost::Schema;
using cphost::UniqueSchema;

Schema nested() {
  Field price{"price", "d:9,2,32"};
  cphost::set_clickhouse_type(price, "Decimal(9, 2)");
  return {{"_value", "z"},
          {"_offset", "l", {{"cphost.role", "position"}}, {}, false},
          {"_headers",
           "+m",
           {},
           {{"entries", "+s", {}, {{"key", "z", {}, {}, false}, {"value", "z"}}, false}}},
          price};
}

void expect_nested(const ArrowSchema& schema) {
  ASSERT_STREQ(schema.format, "+s");
  ASSERT_EQ(schema.n_children, 4);
  EXPECT_STREQ(schema.children[1]->name, "_offset");
  EXPECT_STREQ(schema.children[1]->format, "l");
  EXPECT_EQ(schema.children[0]->metadata, nullptr);
  EXPECT_TRUE(cphost::is_nullable(*schema.children[0]));
  EXPECT_FALSE(cphost::is_nullable(*schema.children[1]));
  EXPECT_EQ(cphost::metadata(schema.children[1], "cphost.role"), "position");
  EXPECT_EQ(cphost::metadata(schema.children[1], "cphost"), "");
  const ArrowSchema& entries = *schema.children[2]->children[0];
  EXPECT_STREQ(entries.children[1]->name, "value");
  EXPECT_EQ(cphost::clickhouse_type(*schema.children[3]), "Decimal(9, 2)");
  EXPECT_EQ(cphost::clickhouse_type(*schema.children[0]), "");
  EXPECT_EQ(cphost::find(schema, "_headers"), 2);
  EXPECT_EQ(cphost::find(schema, "_header"), -1);
  EXPECT_EQ(cphost::find_role(schema, "position"), 1);
}

TEST(Schema, ExportsNamesTypesMetadataAndChildren) {
  expect_nested(*nested().to_arrow());
}

TEST(Schema, DeepCopyOutlivesItsOriginal) {
  UniqueSchema original = nested().to_arrow();
  const UniqueSchema copy = cphost::deep_copy(*original);
  original.reset();
  expect_nested(*copy);
}

TEST(Schema, RoundTripsThroughArrow) {
  const Schema schema(*nested().to_arrow());
  ASSERT_EQ(schema.size(), 4u);
  EXPECT_EQ(schema.find("price"), 3);
  EXPECT_EQ(cphost::clickhouse_type(schema[3]), "Decimal(9, 2)");
  expect_nested(*schema.to_arrow());
}

TEST(Schema, AFieldThatWasMovedOutOutlivesItsParent) {
  UniqueSchema schema = nested().to_arrow();
  const UniqueSchema headers(schema->children[2]);
  schema.reset();
  EXPECT_STREQ(headers->name, "_headers");
  EXPECT_STREQ(headers->children[0]->children[0]->name, "key");
}

TEST(Schema, SetReplacesTheValueOfAKey) {
  Field field{"f", "z"};
  field.set("k", "1");
  field.set("k", "2");
  EXPECT_EQ(field.metadata.size(), 1u);
  EXPECT_EQ(field.get("k"), "2");
}

TEST(Schema, MetadataMayHoldAnyBytes) {
  const std::string value("a\0b\xff", 4);
  const Schema schema{{"f", "z", {{"", ""}, {"key", value}}}};
  const UniqueSchema arrow = schema.to_arrow();
  EXPECT_EQ(cphost::metadata(arrow->children[0], "key"), value);
}

TEST(Schema, RefusesADictionary) {
  const UniqueSchema inner = Schema{{"f", "z"}}.to_arrow();
  ArrowSchema field = *inner->children[0];
  field.dictionary = inner->children[0];
  EXPECT_THROW(cphost::deep_copy(field), cphost::Error);
}

}  // namespace
