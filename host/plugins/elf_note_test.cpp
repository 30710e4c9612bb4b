// SPDX-License-Identifier: Apache-2.0
#include "host/plugins/elf_note.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <random>

#include "host/testing/temporary_folder.hpp"

namespace cphost::host {
namespace {

const std::string kSample = std::string(CPHOST_TEST_PLUGINS) + "/sample.so";

std::string bytes_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

TEST(ElfNote, SaysWhatAPluginIs) {
  const NoteReading reading = read_plugin_note(kSample);
  ASSERT_TRUE(reading.note) << reading.refusal;
  EXPECT_EQ(reading.note->abi_major, 1u);
  EXPECT_EQ(reading.note->abi_minor, 0u);
  EXPECT_EQ(reading.note->id, "sample");
  EXPECT_EQ(reading.note->version, "1.2.3");
  EXPECT_EQ(reading.note->license, "Apache-2.0");
  ASSERT_EQ(reading.note->provides.size(), 4u);
  EXPECT_EQ(reading.note->provides[0].kind, "source");
  EXPECT_EQ(reading.note->provides[0].name, "sample");
}

TEST(ElfNote, IsMissedInOtherFiles) {
  const TemporaryFolder folder;
  EXPECT_NE(read_plugin_note(std::string(CPHOST_TEST_PLUGINS) + "/noteless.so")
                .refusal.find("no cphost note"),
            std::string::npos);
  EXPECT_NE(read_plugin_note(folder.file("empty.so", "")).refusal.find("too short"),
            std::string::npos);
  EXPECT_NE(read_plugin_note(folder.file("text.so", std::string(4096, 'x'))).refusal.find("no ELF"),
            std::string::npos);
  EXPECT_NE(read_plugin_note((folder.path() / "absent.so").string()).refusal.find("No such file"),
            std::string::npos);
  EXPECT_NE(read_plugin_note(folder.path().string()).refusal.find("regular"), std::string::npos);
  ASSERT_EQ(::mkfifo((folder.path() / "fifo.so").c_str(), 0600), 0);
  EXPECT_NE(read_plugin_note((folder.path() / "fifo.so").string()).refusal.find("regular"),
            std::string::npos);
}

TEST(ElfNote, OfAnotherMachineIsRefused) {
  const TemporaryFolder folder;
  std::string bytes = bytes_of(kSample);
  bytes[18] = 2;  // e_machine: SPARC
  EXPECT_NE(read_plugin_note(folder.file("sparc.so", bytes)).refusal.find("another machine"),
            std::string::npos);
}

/// A file in memory: thousands of them cost no disk.
class MemoryFile {
 public:
  MemoryFile() : fd_(::memfd_create("plugin", MFD_CLOEXEC)) {}
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile() { ::close(fd_); }

  std::string holding(std::string_view bytes) const {
    EXPECT_EQ(::ftruncate(fd_, 0), 0);
    EXPECT_EQ(::pwrite(fd_, bytes.data(), bytes.size(), 0), static_cast<ssize_t>(bytes.size()));
    return "/proc/self/fd/" + std::to_string(fd_);
  }

 private:
  int fd_;
};

TEST(ElfNote, IsReadFromAnyTruncatedFileWithoutHarm) {
  const MemoryFile file;
  const std::string bytes = bytes_of(kSample);
  for (size_t size = 0; size < bytes.size(); size += size < 4096 ? 7 : 997) {
    const NoteReading reading = read_plugin_note(file.holding(bytes.substr(0, size)));
    EXPECT_NE(reading.note.has_value(), !reading.refusal.empty());
  }
}

TEST(ElfNote, IsReadFromAnyDamagedFileWithoutHarm) {
  const MemoryFile file;
  const std::string bytes = bytes_of(kSample);
  std::mt19937 random(7);
  for (int round = 0; round < 2000; ++round) {
    std::string damaged = bytes.substr(0, 4096);
    for (int i = 0; i < 4; ++i) damaged[random() % 1024] = static_cast<char>(random());
    const NoteReading reading = read_plugin_note(file.holding(damaged));
    EXPECT_NE(reading.note.has_value(), !reading.refusal.empty());
  }
}

TEST(ElfNoteText, MustBeComplete) {
  EXPECT_TRUE(parse_plugin_note("abi=1.0\nid=a\nversion=1\nprovides=sink:a\n").note);
  EXPECT_TRUE(parse_plugin_note("abi=1.0\nid=a\nversion=1\nprovides=sink:a\nnewer=key\n").note);
  for (const char* text :
       {"", "\n", "abi=1.0\nid=a\nversion=1\n", "id=a\nversion=1\nprovides=sink:a\n",
        "abi=1\nid=a\nversion=1\nprovides=sink:a\n", "abi=1.x\nid=a\nversion=1\nprovides=sink:a\n",
        "abi=1.0\nid=A B\nversion=1\nprovides=sink:a\n",
        "abi=1.0\nid=a\nversion=1\nprovides=drain:a\n", "abi=1.0\nid=a\nversion=1\nprovides=sink\n",
        "abi=1.0\nid=a\nversion=1\nprovides=sink:\n",
        "abi=1.0\nid=a\nversion=\x1b[31m\nprovides=sink:a\n"}) {
    const NoteReading reading = parse_plugin_note(text);
    EXPECT_FALSE(reading.note) << text;
    EXPECT_EQ(reading.refusal.find('\x1b'), std::string::npos);
  }
}

}  // namespace
}  // namespace cphost::host
