# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""Programs that load libraries while they run, as shell scripts."""

import dataclasses
import os
import subprocess

_HERE = os.path.dirname(os.path.realpath(__file__))
_PYTHON_TESTS = ("test_ctypes", "test_sqlite3", "test_ssl", "test_zlib",
                 "test_decimal", "test_json", "test_hashlib", "test_lzma")
_NGINX = r"""
mkdir -p logs
cat > nginx.conf <<END
load_module /usr/lib/nginx/modules/ngx_http_echo_module.so;
daemon off; master_process off; pid $PWD/pid; error_log stderr error;
events {}
http {
  access_log off;
  client_body_temp_path $PWD/t1; proxy_temp_path $PWD/t2;
  fastcgi_temp_path $PWD/t3; uwsgi_temp_path $PWD/t4; scgi_temp_path $PWD/t5;
  server { listen unix:$PWD/socket; location / { echo "echoed \$uri"; } }
}
END
nginx -p $PWD -c $PWD/nginx.conf & server=$!
for i in $(seq 100); do [ -S socket ] && break; sleep 0.1; done
env -u LD_PRELOAD python3 -c '
import socket
s = socket.socket(socket.AF_UNIX); s.connect("socket")
s.sendall(b"GET /page HTTP/1.0\r\n\r\n")
reply = b""
while part := s.recv(4096): reply += part
print(reply.decode().split("\r\n\r\n")[1])'
kill -QUIT $server; wait $server; echo $?
"""


@dataclasses.dataclass(frozen=True)
class Case:
  """A script whose output is compared; needs programs and files."""
  name: str
  script: str
  needs: tuple = ()
  # At least so many libraries are Relink's to load.
  loads: int = 1
  # The last line of what it prints says how much was compared.
  sums_up: bool = False


def _ask(python, expression):
  done = subprocess.run([python, "-c", f"import sys, test; print({expression})"],
                        capture_output=True, text=True, check=False)
  return done.stdout.strip()


def source_package(python):
  """Debian's, which has tests that its binary packages have not."""
  return _ask(python, "'python%d.%d' % sys.version_info[:2]")


def python_cases(python, source):
  """Its own tests; those that are not installed, from its source if there is one."""
  installed = _ask(python, "test.__path__[0]")
  for test in _PYTHON_TESTS:
    script = f"{python} {_HERE}/run_python_cases.py {test}"
    folder = os.path.join(installed, test)
    if source and not (os.path.exists(folder) or
                       os.path.exists(folder + ".py")):
      folder = os.path.join(source, "Lib", "test", test)
      # A test finds its parts by the folder that the package is in.
      script = (f"mkdir lib; cp -rs {installed} lib/; cp -r {folder} lib/test/;"
                f" PYTHONPATH=$PWD/lib {script}")
    elif not os.path.exists(folder):
      folder += ".py"
    yield Case(f"python-{test}", script, (python, folder), sums_up=True)


def cases(python, source=None):
  """All of them, with that interpreter and the folder of its source, or None."""
  yield Case("python-extensions",
             f"{python} {_HERE}/import_extensions.py", (python,), 30)
  yield from python_cases(python, source)
  yield Case("perl-modules", """perl -e '
use POSIX; use Socket; use Encode; use Fcntl; use Storable; use Digest::SHA;
use List::Util qw(sum); use Data::Dumper; use Time::HiRes; use IO::Handle;
use File::Glob; use MIME::Base64; use Compress::Raw::Zlib;
print sum(1 .. 10), " ", POSIX::floor(3.5), " ", Digest::SHA::sha1_hex("x"),
    "\\n", Dumper([inet_ntoa(inet_aton("127.0.0.1")), encode("UTF-8", "x")]);
print defined eval { require XSLoader; XSLoader::load("None"); 1 } ? 1 : $@;'
""", ("perl",), 8)
  yield Case("sqlite3-load", f"""gcc -shared -fPIC -o extension.so \
{_HERE}/extension.c && sqlite3 :memory: '.load ./extension.so' \
'select twice(21)'; sqlite3 :memory: '.load ./none.so'; echo $?""",
             ("sqlite3", "gcc", "/usr/include/sqlite3ext.h"))
  yield Case("nginx-modules", _NGINX,
             ("nginx", "/usr/lib/nginx/modules/ngx_http_echo_module.so"))
