# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""The libraries, the programs that test them, and what those are run on."""

import dataclasses
import glob
import os
import subprocess

from toolchain import BuildError

SCRIPTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..",
                       "testdata", "real_programs")


@dataclasses.dataclass(frozen=True)
class Case:
  """One run of a program. `files` are copied to where it runs."""
  name: str
  arguments: tuple = ()
  stdin: str = ""  # A path.
  files: tuple = ()


@dataclasses.dataclass(frozen=True)
class Program:
  """A shared object with a main(). One that `contains_library` is linked with
  the library's sources instead of the library."""
  name: str
  sources: tuple
  cases: tuple
  flags: tuple = ()
  link_flags: tuple = ()
  contains_library: bool = False


@dataclasses.dataclass(frozen=True)
class Library:
  """A library of a source package, and the same one as a binary package."""
  name: str
  soname: str
  package: str
  sources: tuple
  programs: tuple
  flags: tuple = ()
  link_flags: tuple = ()


def _zlib(tree, _made):
  sources = tuple(sorted(glob.glob(f"{tree}/*.c")))
  flags = (f"-I{tree}", "-D_LARGEFILE64_SOURCE=1", "-DHAVE_UNISTD_H",
           "-DHAVE_HIDDEN")
  text = f"{tree}/ChangeLog"
  return Library(
      "zlib", "libz.so.1", "zlib1g", sources, flags=flags,
      link_flags=(f"-Wl,--version-script={tree}/zlib.map",),
      programs=(
          Program("example", (f"{tree}/test/example.c",), (Case("all"),), flags),
          Program("minigzip", (f"{tree}/test/minigzip.c",), (
              Case("best", ("-9", "-c"), text),
              Case("fast", ("-1", "-c"), text),
              Case("huffman", ("-h", "-c"), text),
              Case("round trip", ("-d", "-c", "text.gz"),
                   files=((f"{tree}/ChangeLog.gz", "text.gz"),))), flags),
          Program("zpipe", (f"{tree}/examples/zpipe.c",),
                  (Case("deflate", (), text),), flags),
          # Looks into the library.
          Program("infcover", (f"{tree}/test/infcover.c",), (Case("all"),), flags,
                  contains_library=True),
      ))


def _sqlite(tree, made):
  options = tuple(f"-DSQLITE_{option}" for option in (
      "THREADSAFE=1", "CORE=1", "ENABLE_MEMSYS5", "MAX_MEMORY=50000000",
      "PRINTF_PRECISION_LIMIT=1000", "ENABLE_FTS3", "ENABLE_FTS4", "ENABLE_FTS5",
      "ENABLE_RTREE", "ENABLE_GEOPOLY", "ENABLE_DBSTAT_VTAB",
      "ENABLE_DBPAGE_VTAB", "ENABLE_BYTECODE_VTAB", "ENABLE_STMTVTAB",
      "ENABLE_COLUMN_METADATA", "ENABLE_SESSION", "ENABLE_PREUPDATE_HOOK",
      "ENABLE_MATH_FUNCTIONS"))
  flags = (f"-I{made}", *options)
  scripts = tuple(sorted(glob.glob(f"{SCRIPTS}/*.sql")))
  fuzz = tuple(f"{tree}/test/{name}.c" for name in (
      "fuzzcheck", "ossfuzz", "vt02", "fuzzinvariants")) + (
          f"{tree}/ext/recover/dbdata.c", f"{tree}/ext/recover/sqlite3recover.c")
  return Library(
      "sqlite", "libsqlite3.so.0", "libsqlite3-0", (f"{made}/sqlite3.c",),
      flags=flags, link_flags=("-lm",),
      programs=(
          Program("shell", (f"{made}/shell.c",), tuple(
              Case(os.path.basename(script), ("-batch", ":memory:"), script)
              for script in scripts), flags, ("-lm",)),
          Program("speedtest1", (f"{tree}/test/speedtest1.c",), tuple(
              Case(test, ("--size", "5", "--verify", "--testset", test))
              for test in ("main", "cte", "rtree", "fp", "orm", "debug1")), flags),
          Program("fuzzcheck", fuzz, tuple(
              Case(name, ("--native-malloc", f"{tree}/test/{name}.db"))
              for name in ("fuzzdata4", "fuzzdata6")),
                  (*flags, f"-I{tree}/test", f"-I{tree}/ext/recover",
                   "-DSQLITE_OSS_FUZZ"), ("-lm",)),
      ))


def _lua(tree, made):
  sources = tuple(path for path in sorted(glob.glob(f"{tree}/src/*.c"))
                  if os.path.basename(path) not in ("lua.c", "luac.c"))
  flags = ("-std=gnu99", f"-I{made}", f"-I{tree}/src", "-DLUA_COMPAT_5_3",
           "-DLUA_USE_LINUX")
  scripts = tuple(sorted(glob.glob(f"{SCRIPTS}/*.lua")))
  return Library(
      "lua", "liblua5.4.so.0", "liblua5.4-0", sources, flags=flags,
      link_flags=(f"-Wl,--version-script={tree}/debian/version-script", "-lm",
                  "-ldl"),
      programs=(
          Program("lua", (f"{tree}/src/lua.c",), (
              *(Case(os.path.basename(script), (script,)) for script in scripts),
              Case("error exit", ("-e", "error({})")),
              Case("syntax error", ("-e", "x = = 1")),
              Case("from input", ("-",), scripts[0])), flags, ("-lm", "-ldl")),
      ))


def _jsoncpp(tree, _made):
  flags = ("-std=c++17", f"-I{tree}/include")
  documents = tuple(sorted(glob.glob(f"{tree}/test/data/*.json")))
  return Library(
      "jsoncpp", "libjsoncpp.so.25", "libjsoncpp25",
      tuple(sorted(glob.glob(f"{tree}/src/lib_json/*.cpp"))), flags=flags,
      programs=(
          Program("test_lib_json", (f"{tree}/src/test_lib_json/jsontest.cpp",
                                    f"{tree}/src/test_lib_json/main.cpp",
                                    f"{tree}/src/test_lib_json/fuzz.cpp"),
                  (Case("all"),), flags),
          Program("jsontestrunner", (f"{tree}/src/jsontestrunner/main.cpp",), tuple(
              Case(os.path.basename(path), (os.path.basename(path),),
                   files=((path, os.path.basename(path)),))
              for path in documents[::9]), flags),
      ))


def _yaml_cpp(tree, _made):
  flags = ("-std=c++17", f"-I{tree}/include")
  test_flags = (*flags, f"-I{tree}/src", f"-I{tree}/test",
                f"-I{tree}/test/integration", "-I/usr/src/googletest/googletest",
                "-I/usr/src/googletest/googlemock")
  tests = tuple(sorted(
      path for folder in ("", "/integration", "/node")
      for path in glob.glob(f"{tree}/test{folder}/*.cpp")))
  framework = ("/usr/src/googletest/googletest/src/gtest-all.cc",
               "/usr/src/googletest/googlemock/src/gmock-all.cc")
  return Library(
      "yaml-cpp", "libyaml-cpp.so.0.7", "libyaml-cpp0.7",
      tuple(sorted(glob.glob(f"{tree}/src/*.cpp") +
                   glob.glob(f"{tree}/src/contrib/*.cpp"))), flags=flags,
      programs=(
          Program("yaml-cpp-tests", (*tests, *framework),
                  (Case("all", ("--gtest_print_time=0",)),), test_flags),
          Program("exceptions_and_types",
                  (os.path.join(SCRIPTS, "exceptions_and_types.cc"),),
                  (Case("all"),), flags),
      ))


# Name: (source package, what makes the Library of its tree and a folder).
LIBRARIES = {
    "zlib": ("zlib", _zlib),
    "sqlite": ("sqlite3", _sqlite),
    "lua": ("lua5.4", _lua),
    "jsoncpp": ("libjsoncpp", _jsoncpp),
    "yaml-cpp": ("yaml-cpp", _yaml_cpp),
}


def _make(command, folder):
  result = subprocess.run(command, cwd=folder, capture_output=True, text=True,
                          check=False)
  if result.returncode:
    raise BuildError(f"{' '.join(command)}\n{result.stderr[-2000:]}")


def prepare(name, tree, made):
  """Makes in `made` what the package generates before it compiles."""
  done = os.path.join(made, "prepared")
  if os.path.exists(done):
    return
  os.makedirs(made, exist_ok=True)
  if name == "sqlite":
    _make([f"{tree}/configure", "--disable-tcl"], made)
    _make(["make", "sqlite3.c", "shell.c"], made)
  elif name == "lua":
    with open(f"{made}/lua5.4-deb-multiarch.h", "w", encoding="ascii") as file:
      file.write('#define DEB_HOST_MULTIARCH "x86_64-linux-gnu"\n')
  elif name == "zlib":
    _make(["gzip", "--keep", "--force", "--no-name", f"{tree}/ChangeLog"], made)
  with open(done, "w", encoding="ascii"):
    pass
