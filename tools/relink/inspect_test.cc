// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// `relink inspect` as its users see it. What binutils say of the same file is
// the independent answer.

#include "tools/relink/inspect.h"

#include <dlfcn.h>

#include <cstdio>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "relink/elf/testing/image_builder.h"
#include "tools/relink/run_relink.h"

namespace relink::tools {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

// What a Python expression says of `d`, the JSON of `relink inspect`.
std::string Ask(const std::string& arguments, absl::string_view expression) {
  return Printed(absl::StrCat(
      Quoted(RelinkPath()), " inspect --json ", arguments,
      " | python3 -c 'import json, sys; d = json.load(sys.stdin); print(",
      expression, ")'"));
}

// The C library that this test runs with: symbols of every type, versions,
// IFUNC and TLS relocations, often RELR.
std::string LibC() {
  Dl_info info;
  EXPECT_NE(dladdr(reinterpret_cast<void*>(&std::fflush), &info), 0);
  return info.dli_fname;
}

TEST(Inspect, AgreesWithReadelfOnTheCLibrary) {
  const std::string libc = LibC();
  const std::string readelf = absl::StrCat("readelf -W ", Quoted(libc));
  EXPECT_EQ(Ask(libc, "d[\"soname\"]"), "libc.so.6");
  EXPECT_EQ(Ask(libc, "d[\"kind\"]"), "shared object");
  // readelf counts symbol 0 and section 0, too.
  EXPECT_EQ(Ask(libc, "d[\"symbol_counts\"][\"dynamic\"][\"total\"] + 1"),
            Printed(readelf + " --dyn-syms | grep -cE '^ *[0-9]+: '"));
  EXPECT_EQ(Ask(libc, "d[\"symbol_counts\"][\"dynamic\"][\"undefined\"] + 1"),
            Printed(readelf + " --dyn-syms | grep -cE ' UND '"));
  EXPECT_EQ(
      Ask(libc, "d[\"symbol_counts\"][\"dynamic\"][\"by_type\"][\"IFUNC\"]"),
      Printed(readelf + " --dyn-syms | grep -cE ' IFUNC '"));
  EXPECT_EQ(
      Ask(libc, "len(d[\"segments\"])"),
      Printed(readelf + " -h | sed -n 's/.*Number of program headers: *//p'"));
  EXPECT_EQ(
      Ask(libc, "len(d[\"sections\"]) + 1"),
      Printed(readelf + " -h | sed -n 's/.*Number of section headers: *//p'"));
  EXPECT_EQ(Ask(libc, "d[\"build_id\"]"),
            Printed(readelf + " -n | sed -n 's/.*Build ID: //p'"));
}

TEST(Inspect, CountsRelocationsAsReadelfDoes) {
  const std::string libc = LibC();
  const std::string listed =
      absl::StrCat("readelf -W -r --use-dynamic ", Quoted(libc),
                   " | grep -E '^[0-9a-f]{12,} '");
  const std::string tables = "d[\"relocation_counts\"][\"tables\"]";
  EXPECT_EQ(Ask(libc, absl::StrCat("sum(", tables,
                                   "[t][\"total\"] for t in (\"RELA\", "
                                   "\"JMPREL\"))")),
            Printed(listed + " | grep -c R_"));
  EXPECT_EQ(Ask(libc, "d[\"relocation_counts\"][\"ifunc\"]"),
            Printed(listed + " | grep -c IRELATIV"));
  EXPECT_EQ(Ask(libc + " --relocations", "len(d[\"relocations\"])"),
            Ask(libc, "d[\"relocation_counts\"][\"total\"]"));
}

TEST(Inspect, ListsVersionsAsNmDoes) {
  const std::string libc = LibC();
  const std::string ours = TempPath("ours"), theirs = TempPath("theirs");
  const Outcome same = Shell(absl::StrCat(
      Quoted(RelinkPath()), " inspect --symbols ", libc,
      " | awk '/dynamic symbol$/ {on = 1; next} /^$/ {on = 0} on {print $NF}'"
      " | sort >",
      ours, "; nm -D --with-symbol-versions ", libc,
      " | awk '{print $NF}' | sort >", theirs, "; cmp ", ours, " ", theirs,
      " && test -s ", ours));
  EXPECT_EQ(same.exit_code, 0) << same.out << same.err;
}

TEST(Inspect, SummarizesARelocatableObject) {
  const std::string object =
      CompileC("object.o",
               "extern int there; _Thread_local int mine;"
               "static int local(void) { return there; }"
               "int global(void) { return local() + mine; }",
               "-c -O0 -fPIC");
  const Outcome text = RunRelink("inspect " + object);
  EXPECT_EQ(text.exit_code, 0) << text.err;
  EXPECT_THAT(text.out, HasSubstr("kind         relocatable, "));
  EXPECT_THAT(text.out, HasSubstr("segments     none"));
  EXPECT_EQ(
      Ask(object,
          "d[\"relocation_counts\"][\"tables\"][\"sections\"][\"total\"]"),
      Printed("readelf -W -r " + object + " | grep -c ' R_'"));
  EXPECT_EQ(Ask(object, "d[\"symbol_counts\"][\"symtab\"][\"total\"] + 1"),
            Printed("readelf -W -s " + object + " | grep -cE '^ *[0-9]+: '"));
}

TEST(Inspect, CallsOutWhatWeakensProtection) {
  const std::string weak =
      CompileC("weak.so", "int answer(void) { return 42; }",
               "-shared -fPIC -Wl,-z,execstack,-z,norelro");
  EXPECT_THAT(RunRelink("inspect " + weak).out,
              HasSubstr("no RELRO, lazy binding, EXECUTABLE STACK"));
  const std::string strong =
      CompileC("strong.so", "int answer(void) { return 42; }",
               "-shared -fPIC -Wl,-z,relro,-z,now,-z,noexecstack");
  EXPECT_THAT(RunRelink("inspect " + strong).out, HasSubstr("full RELRO ("));
  EXPECT_THAT(RunRelink("inspect " + strong).out,
              HasSubstr("bind now, stack not executable"));
}

TEST(Inspect, TellsKindsOfExecutablesApart) {
  const char* source = "int main(void) { return 0; }";
  EXPECT_EQ(Ask(CompileC("pie", source, "-pie -fPIE"), "d[\"kind\"]"), "PIE");
  EXPECT_EQ(Ask(CompileC("fixed", source, "-no-pie"), "d[\"kind\"]"),
            "executable");
}

template <class E>
void ExpectInspected(const char* name, const char* described) {
  elf::ImageSpec spec;
  spec.machine = elf::kEm386;
  spec.soname = "a\n\xff.so";  // Neither fit for a terminal nor UTF-8.
  spec.text = elf::Bytes(16);
  spec.symbols = {{.name = "f", .size = 4}};
  const std::string path = WriteFile(name, elf::BuildImage<E>(spec).view());
  const Outcome text = RunRelink("inspect " + path);
  EXPECT_EQ(text.exit_code, 0) << text.err;
  EXPECT_THAT(text.out, HasSubstr(described));
  EXPECT_THAT(text.out, HasSubstr("soname       a\\n\xff.so\n"));
  EXPECT_EQ(Ask(path + " --symbols", "ascii(d[\"soname\"])"),
            "'a\\n\\ufffd.so'");
}

TEST(Inspect, ReadsBothClassesAndByteOrders) {
  ExpectInspected<elf::Elf32Le>("32le", "32-bit little-endian");
  ExpectInspected<elf::Elf32Be>("32be", "32-bit big-endian");
  ExpectInspected<elf::Elf64Le>("64le", "64-bit little-endian");
  ExpectInspected<elf::Elf64Be>("64be", "64-bit big-endian");
}

TEST(Inspect, GoesOnAfterAFileThatItCannotRead) {
  const std::string truncated = TempPath("truncated");
  Shell(absl::StrCat("head -c 5000 ", LibC(), " >", truncated));
  const std::string empty = WriteFile("empty", ByteView());
  const Outcome outcome = RunRelink(
      absl::StrCat("inspect /nonexistent / ", empty, " ", truncated, " ",
                   RelinkPath(), " /dev/null ", __FILE__, ".no"));
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.out, StartsWith(RelinkPath() + "\n  kind "));
  EXPECT_EQ(
      outcome.err,
      absl::StrCat(
          "relink: /nonexistent: cannot open: No such file or directory\n",
          "relink: /: is a directory\n",           //
          "relink: ", empty, ": file is empty\n",  //
          "relink: ", truncated, ": segment runs past the end of the file ",
          "(at 0x78)\n",                              //
          "relink: /dev/null: not a regular file\n",  //
          "relink: ", __FILE__,
          ".no: cannot open: No such file or directory\n"));
}

TEST(Inspect, WritesAnArrayForSeveralFiles) {
  EXPECT_EQ(
      Ask(absl::StrCat(LibC(), " ", RelinkPath()), "[f[\"file\"] for f in d]"),
      absl::StrCat("['", LibC(), "', '", RelinkPath(), "']"));
  const Outcome failed = RunRelink("inspect --json /nonexistent /");
  EXPECT_EQ(failed.exit_code, 1);
  EXPECT_EQ(failed.out,
            "[\n"
            "  {\n"
            "    \"file\": \"/nonexistent\",\n"
            "    \"errors\": [\n"
            "      \"/nonexistent: cannot open: No such file or directory\"\n"
            "    ]\n"
            "  },\n"
            "  {\n"
            "    \"file\": \"/\",\n"
            "    \"errors\": [\n"
            "      \"/: is a directory\"\n"
            "    ]\n"
            "  }\n"
            "]\n");
}

}  // namespace
}  // namespace relink::tools
