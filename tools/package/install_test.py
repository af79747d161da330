# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""What is installed is found, linked with, and run, as its users would."""

import contextlib
import io
import os
import re
import subprocess
import tempfile
import unittest

import install

EXAMPLE = "examples/c_api.c"


def installed(prefix, destdir=""):
  """Installs, and returns what that says."""
  said = io.StringIO()
  with contextlib.redirect_stdout(said):
    install.install(".", prefix, destdir)
  return said.getvalue().splitlines()


def files_below(top):
  return sorted(os.path.join(folder, name)
                for folder, _, names in os.walk(top) for name in names)


def output(*command, **environment):
  done = subprocess.run(command, capture_output=True, encoding="utf-8",
                        check=False, env={**os.environ, **environment})
  if done.returncode != 0:
    raise AssertionError(f"{command}: exit code {done.returncode}\n"
                         f"{done.stdout}{done.stderr}")
  return done.stdout


def symbols(*command):
  return sorted(line.split()[-1].split("@")[0] for line in
                output("nm", "--defined-only", *command).splitlines()
                if re.search(r" [A-TV-Zu] ", line))


def declared():
  """What relink.h says is there."""
  with open(install.HEADER, encoding="utf-8") as header:
    code = re.sub(r"//.*", "", header.read())
  return sorted(re.findall(r"RELINK_API\s[^;]*?(relink_\w+)\(", code))


class Install(unittest.TestCase):

  @classmethod
  def setUpClass(cls):
    folder = tempfile.TemporaryDirectory()
    cls.addClassCleanup(folder.cleanup)
    cls.prefix = os.path.join(folder.name, "usr local")
    cls.said = installed(cls.prefix)
    cls.lib = os.path.join(cls.prefix, "lib")

  def setUp(self):
    folder = tempfile.TemporaryDirectory()
    self.addCleanup(folder.cleanup)
    self.work = folder.name

  def pkg_config(self, *arguments):
    """As a shell would split it; pkg-config quotes blanks."""
    said = output("pkg-config", *arguments,
                  PKG_CONFIG_PATH=os.path.join(self.lib, "pkgconfig"))
    return said.strip()

  def build(self, flags, compiler="cc -std=c99 -pedantic -Wall -Wextra -Werror"):
    program = os.path.join(self.work, "example")
    output("sh", "-c", f"{compiler} {EXAMPLE} {flags} -o '{program}'")
    return program

  def needed(self, program):
    return re.findall(r"NEEDED.*\[(.*)\]", output("readelf", "-d", program))

  def check_runs(self, program, **environment):
    self.assertIn("Relink 0.", output(program, **environment))

  def test_says_what_it_installs(self):
    self.assertEqual(sorted(self.said), files_below(self.prefix))
    for name in ("bin/relink", "include/relink.h", "lib/librelink.so.0",
                 "lib/librelink.a", "lib/librelink_dl.so",
                 "lib/librelink_audit.so", "share/doc/relink/LICENSE"):
      self.assertIn(os.path.join(self.prefix, name), self.said)

  def test_can_be_done_again_and_moved(self):
    prefix = os.path.join(self.work, "once")
    self.assertEqual(installed(prefix), installed(prefix))
    before = files_below(prefix)
    self.assertEqual(len(before), len(set(before)))
    self.assertEqual(len(before), len(self.said))
    moved = os.path.join(self.work, "moved")
    os.rename(prefix, moved)
    self.lib = os.path.join(moved, "lib")
    program = self.build(self.pkg_config("--cflags", "--libs", "relink"))
    self.check_runs(program, LD_LIBRARY_PATH=self.lib)

  def test_goes_below_destdir(self):
    said = installed("/opt/relink", self.work)
    self.assertTrue(all(line.startswith(self.work + "/opt/relink/")
                        for line in said))
    self.assertEqual(sorted(said), files_below(self.work))

  def test_says_what_cannot_be_written(self):
    with open(os.path.join(self.work, "file"), "w", encoding="utf-8"):
      pass
    with self.assertRaises(NotADirectoryError):
      installed(os.path.join(self.work, "file", "prefix"))

  def test_shows_what_the_header_declares_and_no_more(self):
    names = declared()
    self.assertIn("relink_load", names)
    shared = symbols("-D", os.path.join(self.lib, "librelink.so"))
    self.assertEqual([name for name in shared if name != "RELINK_0"], names)
    archive = symbols(os.path.join(self.lib, "librelink.a"))
    self.assertEqual(archive, names)

  def test_shared_library_has_a_soname_and_needs_no_cxx(self):
    dynamic = output("readelf", "-d", os.path.join(self.lib, "librelink.so"))
    self.assertIn("[librelink.so.0]", dynamic)
    self.assertNotIn("libstdc++", dynamic)
    self.assertNotIn("absl", dynamic)

  def test_shared_library_can_be_dlopened(self):
    output("python3", "-c", "import ctypes, sys\nctypes.CDLL(sys.argv[1])",
           os.path.join(self.lib, "librelink.so.0"))

  def test_pkg_config_finds_the_shared_library(self):
    program = self.build(self.pkg_config("--cflags", "--libs", "relink"))
    self.assertIn("librelink.so.0", self.needed(program))
    self.check_runs(program, LD_LIBRARY_PATH=self.lib)

  def test_pkg_config_finds_the_static_library(self):
    for compiler in ("cc", "clang", "cc -no-pie", "g++ -x c++"):
      with self.subTest(compiler):
        flags = self.pkg_config("--cflags", "--libs", "relink-static")
        # The language is for the example alone.
        program = self.build(("-x none " if "-x" in compiler else "") + flags,
                             compiler)
        self.assertNotIn("librelink.so.0", self.needed(program))
        self.check_runs(program)

  def test_static_library_becomes_part_of_a_shared_one(self):
    flags = self.pkg_config("--cflags", "--libs", "relink-static")
    self.build(flags, "cc -shared -fPIC -Wl,--no-undefined")

  def test_pkg_config_links_statically_if_asked(self):
    flags = self.pkg_config("--static", "--cflags", "--libs", "relink")
    flags = flags.replace("-lrelink", "-Wl,-Bstatic -lrelink -Wl,-Bdynamic")
    program = self.build(flags)
    self.assertNotIn("librelink.so.0", self.needed(program))
    self.check_runs(program)

  def cmake(self, version):
    with open(os.path.join(self.work, "CMakeLists.txt"), "w",
              encoding="utf-8") as file:
      file.write(f"""cmake_minimum_required(VERSION 3.18)
project(example C)
find_package(relink {version} REQUIRED)
foreach(kind relink relink_static)
  add_executable(with_${{kind}} "{os.path.abspath(EXAMPLE)}")
  target_link_libraries(with_${{kind}} PRIVATE relink::${{kind}})
endforeach()
""")
    build = os.path.join(self.work, "build")
    output("cmake", "-S", self.work, "-B", build,
           f"-DCMAKE_PREFIX_PATH={self.prefix}")
    output("cmake", "--build", build)
    return build

  def test_cmake_finds_both_libraries(self):
    build = self.cmake("0.1")
    for kind in ("relink", "relink_static"):
      with self.subTest(kind):
        program = os.path.join(build, "with_" + kind)
        self.assertEqual("librelink.so.0" in self.needed(program),
                         kind == "relink")
        self.check_runs(program)

  def test_cmake_refuses_another_version(self):
    with self.assertRaisesRegex(AssertionError, "version"):
      self.cmake("1.0")

  def test_command_finds_its_library(self):
    command = os.path.join(self.prefix, "bin", "relink")
    self.assertEqual(output(command, "--version"),
                     f"relink {install.version()}\n")
    self.assertEqual(output(command, "run", "--passes=plt-bypass", "/bin/echo", "moved"),
                     "moved\n")

  def test_shim_is_preloaded(self):
    self.assertEqual(
        output("/bin/echo", "hello",
               LD_PRELOAD=os.path.join(self.prefix, "lib/librelink_dl.so")),
        "hello\n")


if __name__ == "__main__":
  unittest.main()
