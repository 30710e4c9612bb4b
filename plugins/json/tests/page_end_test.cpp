// SPDX-License-Identifier: Apache-2.0
// Batches whose last byte is the last of a page, with no page behind it: whoever looks further does
// not live to tell.
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include "decoding.hpp"

namespace json::test {
namespace {

class GuardedPages {
 public:
  explicit GuardedPages(size_t bytes) : page_(static_cast<size_t>(::sysconf(_SC_PAGESIZE))) {
    size_ = (bytes + page_ - 1) / page_ * page_;
    void* p =
        ::mmap(nullptr, size_ + page_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED) throw std::bad_alloc();
    begin_ = static_cast<char*>(p);
    ::mprotect(begin_ + size_, page_, PROT_NONE);
  }
  GuardedPages(const GuardedPages&) = delete;
  GuardedPages& operator=(const GuardedPages&) = delete;
  ~GuardedPages() { ::munmap(begin_, size_ + page_); }

  // Copies the bytes so that they end with the page.
  const char* place(const std::string& bytes) {
    return static_cast<const char*>(
        std::memcpy(begin_ + size_ - bytes.size(), bytes.data(), bytes.size()));
  }

 private:
  size_t page_, size_ = 0;
  char* begin_ = nullptr;
};

const std::vector<Wanted>& all_kinds() {
  static const std::vector<Wanted> kWanted = {
      {"id", "UInt64"},
      {"ts", "DateTime64(3, 'UTC')"},
      {"day", "Date"},
      {"price", "Float64"},
      {"cost", "Decimal(38, 4)"},
      {"ok", "Bool"},
      {"uuid", "UUID"},
      {"ip", "IPv4"},
      {"text", "String"},
      {"wide", "Int256"},
      {"short", "BFloat16"},
      {"time", "Time64(3)"},
      {"object", "JSON"},
      {"any", "Dynamic"},
      {"a_key_that_is_longer_than_a_literal", "Array(String)"}};
  return kWanted;
}

std::string document(int salt) {
  return R"({"id":1234567890123456,"ts":"2026-01-01T00:00:00.123Z","day":"2026-01-01",)"
         R"("price":433.6812345,"cost":1.5,"ok":true,)"
         R"("uuid":"61f0c404-5cb3-11e7-907b-a6006ad3dba0","ip":"10.0.0.1",)"
         R"("wide":-123456789012345678901234567890,)"
         R"("short":1.5,"time":"-12:34:56.789","object":{"a":[1,{}]},"any":[1,"x"],"text":"gr)"
         "\xc3\xbc\xc3\x9f"
         R"(e","a_key_that_is_longer_than_a_literal":["x)" +
         std::string(static_cast<size_t>(salt % 40), 'y') +
         R"("],"skipped":[1.5e10,null,{"k":"v"}]})";
}

TEST(PageEnd, batchesOfAllSizesAreReadToTheirLastByteAndNoFurther) {
  GuardedPages pages(1 << 16);
  Decoding decoding(all_kinds());
  for (int count = 1; count <= 40; ++count) {
    std::string bytes;
    std::vector<int32_t> offsets{0};
    for (int i = 0; i < count; ++i) {
      bytes += document(i + count);
      offsets.push_back(static_cast<int32_t>(bytes.size()));
    }
    const Decoded decoded = decoding.decode(pages.place(bytes), offsets);
    ASSERT_EQ(decoded.rejects.size(), 0u) << decoded.rejects[0].text;
    ASSERT_EQ(decoded.rows.size(), static_cast<size_t>(count));
  }
}

TEST(PageEnd, aDocumentCutAnywhereIsRefusedAndReadNoFurther) {
  GuardedPages pages(1 << 16);
  Decoding decoding(all_kinds());
  const std::string whole = document(3);
  for (size_t cut = 0; cut < whole.size(); ++cut) {
    const std::string bytes = whole + whole.substr(0, cut);
    const std::vector<int32_t> offsets = {0, static_cast<int32_t>(whole.size()),
                                          static_cast<int32_t>(bytes.size())};
    const Decoded decoded = decoding.decode(pages.place(bytes), offsets);
    ASSERT_EQ(decoded.rows.size(), 1u) << cut;
    ASSERT_EQ(decoded.rejects.size(), 1u) << cut;
  }
}

// What a record ends in goes on in the next ones, up to the end of the page: digits, blanks, text,
// brackets.
TEST(PageEnd, aTokenThatRunsThroughAllRecordsIsNotFollowed) {
  GuardedPages pages(1 << 16);
  Decoding decoding(all_kinds());
  for (const char* begin : {R"({"id":1)",
                            R"({"price":1)",
                            R"({"price":1.5)",
                            R"({"cost":1)",
                            R"({"x":1)",
                            R"({"x":1.5e1)",
                            R"({"text":1)",
                            R"({"text":"a)",
                            R"({"wide":1)",
                            R"({"wide":"1)",
                            R"({"short":1)",
                            R"({"time":"1)",
                            R"({"time":1)",
                            R"({"object":{"a":1)",
                            R"({"object":{)",
                            R"({"any":1)",
                            R"({"any":"a)",
                            R"({"any":[)",
                            R"({"x":"a)",
                            R"({"id" )",
                            R"({"x":[)",
                            R"({"ts":"2026-01-01)",
                            R"({"ts":"2026-01-01T00:00:00.1)",
                            R"({"text":"\u00)",
                            "{\"text\":\"\xe2\x82"}) {
    for (const char* filling : {"1", " ", "a", "[", "\"", "\\", "\xac", "{\"id\":"}) {
      std::string bytes = begin;
      std::vector<int32_t> offsets = {0, static_cast<int32_t>(bytes.size())};
      for (int i = 0; i < 30; ++i) {
        for (size_t size = bytes.size(); bytes.size() < size + 100;) bytes += filling;
        offsets.push_back(static_cast<int32_t>(bytes.size()));
      }
      const Decoded decoded = decoding.decode(pages.place(bytes), offsets);
      ASSERT_EQ(decoded.rejects.size(), 31u) << begin << filling;
    }
  }
}

TEST(PageEnd, whyACutRecordIsRefusedDoesNotDependOnTheNextOne) {
  Decoding decoding(all_kinds());
  for (const char* cut :
       {R"({"id":1)", R"({"id":-)", R"({"id":18446744073709551615)", R"({"day":1)", R"({"price":1)",
        R"({"ok":tru)", R"({"ok":fals)", R"({"text":nul)", R"({"x":nul)", R"({"x":1)",
        R"({"text":"a\)", R"({"text":"\u00)", R"({"text":"\ud83d)", R"({"text":"\ud83d\ude)",
        R"({"x":"\u0)", "{\"text\":\"\xc3", "{\"text\":\"\xf0\x9f\x98"}) {
    const Decoded alone = decoding.decode({cut});
    ASSERT_EQ(alone.rejects.size(), 1u) << cut;
    for (const char* next : {"0", "99999999999999999999", ".5", "e", "l", "se", "n", "e9\"}",
                             "00\"}", "\\ude00\"}", "\xbf\xbf\xbf", "\"}"}) {
      const Decoded between = decoding.decode({cut, next, std::string(200, ' ')});
      ASSERT_EQ(between.rejects.size(), 3u) << cut << next;
      EXPECT_EQ(between.rejects[0].code, alone.rejects[0].code) << cut << next;
      EXPECT_EQ(between.rejects[0].text, alone.rejects[0].text) << cut << next;
      EXPECT_EQ(between.rejects[0].offset, alone.rejects[0].offset) << cut << next;
    }
  }
}

}  // namespace
}  // namespace json::test
