# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""What tools/run_programs runs: shell scripts over programs of a Debian."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Case:
  """`script` runs in a new folder, if all programs of `needs` are there."""
  name: str
  script: str
  needs: tuple = ()


# Asks a server, by eight threads, and prints what came how often.
_LOAD = r'''cat > load.py <<'END'
import collections, http.client, socket, threading
answers = collections.Counter()
class Connection(http.client.HTTPConnection):
  def connect(self):
    self.sock = socket.socket(socket.AF_UNIX)
    self.sock.connect("s")
def ask(paths):
  connection = Connection("x")
  for path in paths:
    connection.request("GET", path)
    response = connection.getresponse()
    answers[response.status, path, len(response.read())] += 1
threads = [threading.Thread(target=ask, args=(["/", "/large", "/nothing"] * 100,))
           for _ in range(8)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(sorted(answers.items()))
END
'''

# A program that throws through two libraries, one of which comes by dlopen, in
# threads that open and close it meanwhile.
_THROWING = r'''cat > outer.cc <<'END'
#include <stdexcept>
#include <string>
struct Guard { int& count; ~Guard() { ++count; } };
int unwound;
void CallBack(void (*function)(int), int depth) {
  Guard guard{unwound};
  if (depth > 0) return CallBack(function, depth - 1);
  function(depth);
}
END
cat > inner.cc <<'END'
#include <stdexcept>
#include <string>
struct Derived : std::runtime_error { using runtime_error::runtime_error; };
void CallBack(void (*)(int), int);
static void Throw(int depth) { throw Derived("depth " + std::to_string(depth)); }
extern "C" int Try(int depth) {
  try { CallBack(Throw, depth); } catch (const std::logic_error&) { return -1; }
  return 0;
}
END
cat > main.cc <<'END'
#include <dlfcn.h>
#include <atomic>
#include <cstdio>
#include <stdexcept>
#include <thread>
#include <vector>
extern int unwound;
int main() {
  std::atomic<int> caught{0};
  auto work = [&] {
    for (int i = 0; i < 50; ++i) {
      void* library = dlopen("./libinner.so", RTLD_NOW);
      auto* attempt = reinterpret_cast<int (*)(int)>(dlsym(library, "Try"));
      try { attempt(i % 7); } catch (const std::runtime_error& error) {
        if (error.what() == std::string("depth 0")) ++caught;
      }
      dlclose(library);
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back(work);
  for (auto& thread : threads) thread.join();
  std::printf("%d caught\n", caught.load());
  return caught == 200 ? 0 : 1;
}
END
g++ -O2 -fPIC -shared outer.cc -o libouter.so
g++ -O2 -fPIC -shared inner.cc -o libinner.so -L. -louter -Wl,-rpath,$PWD
g++ -O2 main.cc -o main -L. -louter -Wl,-rpath,$PWD -pthread
for i in 1 2 3 4 5; do ./main; echo $?; done
'''

# Begins something that runs until others have looked at it.
_WATCHED = ("bash -c 'while [[ ! -e stop ]]; do n=$((n + 1)); done; echo $((n > 0)); exit 5' "
            "> out & watched=$!; ")
_STOP = "touch stop; wait $watched; echo $?; cat out"

_TEXT = "for i in $(seq 1 300); do echo \"line $((i * 7919 % 1000)) of $i\"; done > text; "

_COREUTILS = {
    "true": "true",
    "false": "false",
    "echo": "/bin/echo a b c",
    "seq": "seq 1 3 1000 | tail -3",
    "cat": _TEXT + "cat -n text",
    "sort": _TEXT + "sort -k2n text | head -50; sort -R --random-source=text text",
    "uniq": _TEXT + "cut -c1-6 text | sort | uniq -c",
    "wc": _TEXT + "wc text; wc -l < text",
    "head-tail": _TEXT + "head -5 text; tail -n +290 text; tac text | head -3",
    "cut-paste": _TEXT + "cut -d' ' -f2 text | paste - - - | head",
    "tr": _TEXT + "tr a-z A-Z < text | head",
    "sums": _TEXT + "md5sum text; sha1sum text; sha256sum text; sha512sum text; "
                    "b2sum text; cksum text; sum text",
    "base64": _TEXT + "base64 text | base64 -d | cmp - text && base32 text | tail -1",
    "od": _TEXT + "od -Ax -tx1z text | head -20",
    "numbers": "expr 6 '*' 7; factor 360360 1000000007; numfmt --to=iec 123456789",
    "date": "date -u -d @86400 +%c; LC_ALL=C.UTF-8 date -u -d '2000-01-01 + 3 weeks'",
    "files": "mkdir -p a/b; touch a/b/c; ln -s a/b d; cp -r a e; mv e f; "
             "ls -R; rm -r f; stat -c '%F %s' a d; readlink -f d/c > /dev/null; "
             "du -a a | wc -l; rmdir nothing; echo $?",
    "dd": "dd if=/dev/zero bs=1k count=64 2>/dev/null | sha1sum",
    "split-join": _TEXT + "split -l 100 text part; cat part* | cmp - text; "
                          "join <(seq 1 20) <(seq 10 30)",
    "printf": "/usr/bin/printf '%08.3f %x %s\\n' 3.14159 255 text",
    "env": "env -i A=1 B=2 /usr/bin/env",
    "timeout": "timeout 0.2 sleep 5; echo $?; nice -n 1 true; echo $?",
    "missing": "ls /nothing/there; echo $?; cat < /nothing",
    "id": "id -u; whoami; uname -s; nproc > /dev/null; tty < /dev/null",
    "yes": "yes | head -100000 | wc -l",
    "shuf": _TEXT + "shuf --random-source=text text | head -5; pr -l 20 text | head -9",
    "fmt": _TEXT + "fmt -w 40 text | fold -w 20 | nl | tail -4; comm <(seq 3) <(seq 2 4)",
    "tee": _TEXT + "tee copy < text | wc -c; cmp copy text; csplit -s text 100; wc -l xx*",
}

_OTHERS = (
    Case("find", "mkdir -p x/y/z; touch x/1 x/y/2 x/y/z/3; find x | sort; "
                 "find x -name '[12]' -exec wc -c {} + ; find x -type f -printf '%P\\n' | sort | xargs -n1 basename"),
    Case("xargs", "seq 100 | xargs -P4 -n7 echo | sort"),
    Case("grep", _TEXT + "grep -nE '(1|2)5 of' text; grep -c line text; grep -P '\\d{3} of 1$' text; grep -q none text"),
    Case("sed", _TEXT + "sed -n 's/line \\([0-9]*\\) of \\(.*\\)/\\2 \\1/p;40q' text"),
    Case("awk", _TEXT + "awk '{ s += $2; n[$4 % 10]++ } END { print s; for (i = 0; i < 10; i++) print i, n[i] }' text", ("awk",)),
    Case("diff", _TEXT + "sed 's/1/2/' text > other; diff -u text other | tail -n +3; cmp text other", ("diff",)),
    Case("tar-gzip", _TEXT + "mkdir d; cp text d; tar czf t.tgz d; tar tzf t.tgz; gzip -dc t.tgz | tar xO d/text | md5sum; "
                             "gzip -k text; zcat text.gz | cmp - text; xz -k text; xzcat text.xz | md5sum; bzip2 -k text; bzcat text.bz2 | md5sum", ("xz", "bzip2")),
    Case("bash-script", "f() { local n=$1; ((n < 2)) && echo $n && return; echo $(( $(f $((n-1))) + $(f $((n-2))) )); }; "
                        "f 8; declare -A m; m[a]=1; m[b]=2; echo ${!m[@]} ${m[*]}; [[ abc =~ b(.) ]] && echo ${BASH_REMATCH[1]}; "
                        "trap 'echo trapped' USR1; kill -USR1 $$; (exit 5); echo $?; wait; printf '%q\\n' 'a b'; "
                        "coproc cat; echo hello >&${COPROC[1]}; read x <&${COPROC[0]}; echo $x"),
    Case("dash", "dash -c 'for i in 1 2 3; do echo $i; done; exit 4'", ("dash",)),
    Case("perl", "perl -e 'my %h = map { $_ => $_ ** 2 } 1..50; print join(\",\", map { \"$_=$h{$_}\" } sort { $a <=> $b } keys %h), \"\\n\"; "
                 "print scalar reverse(\"abc\"), sprintf(\"%.5f\", atan2(1,1)), \"\\n\"; $_ = \"x1y22\"; print join(\"|\", /(\\d+)/g), \"\\n\"; "
                 "eval { die \"oops\\n\" }; print $@; print `echo child`; exit 3'", ("perl",)),
    Case("perl-modules", "perl -MPOSIX -MData::Dumper -MList::Util=sum,shuffle -MDigest::SHA=sha256_hex -MTime::HiRes -MEncode -MStorable=dclone -MSocket "
                         "-e '$Data::Dumper::Sortkeys = 1; print Dumper({a => [1, 2], b => {c => 3}}); print floor(3.7), \" \", sum(1..100), \" \", sha256_hex(\"x\"), \"\\n\"; "
                         "print length(encode(\"UTF-8\", chr(0x263a))), \"\\n\"; print Dumper(dclone([1, {a => 2}]));'", ("perl",)),
    Case("python", "/usr/bin/python3 -c 'import sys, json, re, math, hashlib, zlib, decimal, ctypes, datetime, sqlite3, threading\n"
                   "print(json.dumps({\"a\": [1, 2.5, None]}, sort_keys=True), re.findall(r\"\\d+\", \"a1b22\"), math.sqrt(2))\n"
                   "print(hashlib.sha256(b\"x\").hexdigest(), zlib.crc32(b\"abc\"), decimal.Decimal(1) / 7)\n"
                   "print(ctypes.CDLL(None).abs(-5)); c = sqlite3.connect(\":memory:\"); print(c.execute(\"select 6*7\").fetchall())\n"
                   "t = [threading.Thread(target=lambda: sum(range(1000))) for _ in range(8)]; [x.start() for x in t]; [x.join() for x in t]\n"
                   "@ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)\n"
                   "def compare(a, b): return ctypes.cast(a, ctypes.POINTER(ctypes.c_int))[0] - ctypes.cast(b, ctypes.POINTER(ctypes.c_int))[0]\n"
                   "a = (ctypes.c_int * 5)(5, 3, 1, 4, 2); ctypes.CDLL(None).qsort(a, 5, 4, compare); print(list(a))\n"
                   "sys.exit(9)'", ("/usr/bin/python3",)),
    Case("sqlite3", "sqlite3 :memory: \"create table t(a, b); with recursive c(x) as (select 1 union all select x+1 from c where x < 2000) "
                    "insert into t select x, x * 7919 % 1000 from c; create index i on t(b); select sum(a), count(distinct b) from t; "
                    "select b, count(*) from t group by b order by 2 desc, 1 limit 5; select json_group_array(a) from (select a from t limit 5); "
                    "select printf('%.3f', avg(b)) from t; explain query plan select * from t where b = 5;\"", ("sqlite3",)),
    Case("git", "export GIT_AUTHOR_DATE='2000-01-01T00:00:00Z' GIT_COMMITTER_DATE='2000-01-01T00:00:00Z' GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b "
                "GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b; git init -q -b main .; " + _TEXT + "git add text; git commit -q -m one; sed -i 1d text; "
                "git commit -qam two; git log --stat; git diff HEAD~ | head; git checkout -q -b other HEAD~; echo x > y; git add y; git commit -qm three; "
                "git merge -q main -m merge; git log --graph --oneline; git gc -q; git fsck; git blame text | tail -2; git status --short", ("git",)),
    Case("gcc", "cat > a.c <<'END'\n#include <stdio.h>\n#include <math.h>\nint main(int c, char **v) { double s = 0; for (int i = 0; i < 1000; i++) s += sin(i); "
                "printf(\"%.6f\\n\", s); return c; }\nEND\ngcc -O2 -S a.c && md5sum a.s; gcc -O2 -c a.c && md5sum a.o; gcc -O2 a.c -o a -lm && md5sum a; ./a 1 2; echo $?; "
                "gcc -c nothing.c; echo 'int main( { }' > b.c; gcc b.c", ("gcc",)),
    Case("g++", "cat > a.cc <<'END'\n#include <map>\n#include <string>\n#include <iostream>\n#include <regex>\nint main() { std::map<std::string, int> m; for (int i = 0; i < 99; i++) "
                "m[std::to_string(i * 37 % 50)]++; for (auto& [k, v] : m) std::cout << k << v << ' '; std::cout << std::regex_replace(\"abc\", std::regex(\"b\"), \"x\") << std::endl; "
                "try { std::stoi(\"x\"); } catch (std::exception& e) { std::cout << e.what(); } }\nEND\ng++ -O1 -std=c++20 a.cc -o a && md5sum a && ./a", ("g++",)),
    Case("make", "printf 'all: a b\\na:\\n\\techo a > a\\nb: a\\n\\tcat a a > b; cat b\\n' > Makefile; make; make; make nothing", ("make",)),
    Case("binutils", "objdump -d /bin/true | md5sum; readelf -aW /bin/true | md5sum; nm -D /lib/x86_64-linux-gnu/libc.so.6 | md5sum; strings /bin/true | md5sum", ("objdump",)),
    Case("openssl", "openssl sha256 < /bin/true; openssl enc -aes-256-cbc -k x -pbkdf2 -nosalt < /bin/true | openssl dgst -sha512; "
                    "openssl genrsa -out k 2048 2>/dev/null; openssl dgst -sha256 -sign k -out s /bin/true; openssl rsa -in k -pubout -out p 2>/dev/null; "
                    "openssl dgst -sha256 -verify p -signature s /bin/true; openssl speed -seconds 1 sha256 > /dev/null 2>&1; echo $?; "
                    "openssl ecparam -genkey -name prime256v1 -noout -out e; openssl req -new -x509 -key e -subj /CN=x -days 1 -out c; openssl verify -CAfile c c", ("openssl",)),
    Case("node", "node -e 'const c = require(\"crypto\"); console.log(c.createHash(\"sha256\").update(\"x\").digest(\"hex\")); "
                 "console.log([..."
                 "Array(20).keys()].map(x => x ** 2).filter(x => x % 2).join()); setTimeout(() => { console.log(\"later\"); process.exit(6); }, 20); "
                 "try { null.x } catch (e) { console.log(e.message) }; console.log(JSON.stringify({a: [1, {b: 2}]}), /(\\d+)/.exec(\"a12\")[1]); "
                 "console.log(require(\"zlib\").gunzipSync(require(\"zlib\").gzipSync(\"hello\")).toString())'", ("node",)),
    Case("curl", "echo content > f; curl -s file://$PWD/f; curl -s http://127.0.0.1:1/; echo $?", ("curl",)),
    Case("nginx", "mkdir -p logs www; echo page > www/index.html; cat > c <<END\ndaemon off; worker_processes 2; pid $PWD/pid; error_log $PWD/logs/e;\nevents {}\n"
                  "http { access_log off; server { listen unix:$PWD/s; root $PWD/www; } }\nEND\nnginx -c $PWD/c -p $PWD & for i in $(seq 100); do [ -S s ] && break; sleep 0.1; done; "
                  "for i in $(seq 40); do curl -s --unix-socket s http://x/; done | sort | uniq -c; kill %1; wait %1; echo $?", ("nginx", "curl")),
    Case("nginx-load", _LOAD + "mkdir -p logs www; echo page > www/index.html; head -c 100000 /dev/zero > www/large; "
         "cat > c <<END\ndaemon off; worker_processes 2; pid $PWD/pid; error_log $PWD/logs/e;\nevents {}\n"
         "http { access_log off; gzip on; server { listen unix:$PWD/s; root $PWD/www; } }\nEND\nnginx -c $PWD/c -p $PWD & "
         "for i in $(seq 100); do [ -S s ] && break; sleep 0.1; done; /usr/bin/python3 load.py; kill %1; wait %1; echo $?", ("nginx",)),
    Case("throwing", _THROWING, ("g++",)),
    Case("java", "cat > A.java <<'END'\nimport java.util.*; import java.util.stream.*;\npublic class A { public static void main(String[] a) throws Exception { "
                 "Map<String, Integer> m = new TreeMap<>(); for (int i = 0; i < 9999; i++) m.merge(\"k\" + i % 37, i, Integer::sum); System.out.println(m); "
                 "Thread[] t = new Thread[8]; long[] s = new long[8]; for (int i = 0; i < 8; i++) { int n = i; t[i] = new Thread(() -> { for (int j = 0; j < 1000000; j++) "
                 "s[n] += j ^ n; }); t[i].start(); } for (Thread x : t) x.join(); System.out.println(LongStream.of(s).sum()); "
                 "try { Object o = null; o.hashCode(); } catch (NullPointerException e) { System.out.println(\"caught\"); } System.exit(7); } }\nEND\njava A.java", ("java",)),
    Case("gdb-attach", _WATCHED + "gdb -q -batch -p $watched -ex 'info threads' > /dev/null 2>&1; echo $?; " + _STOP, ("gdb",)),
    Case("perf-attach", _WATCHED + "perf record -q -e cpu-clock -o d -p $watched -- sleep 0.3 > /dev/null 2>&1; "
                        "perf script -i d -F ip > addresses 2>&1; echo $?; [[ -s addresses ]]; echo $?; " + _STOP, ("perf",)),
    Case("gdb", "gdb -q -batch -ex 'print 6*7' -ex 'info line main' /bin/true 2>&1 | head -3", ("gdb",)),
    Case("processes", "set -m; sleep 30 & kill %1; wait %1; echo $?; (kill -SEGV $BASHPID) ; echo $?; (ulimit -c 0; bash -c 'kill -ABRT $$'); echo $?; "
                      "echo a | (read x; echo got $x); bash -c 'exec /bin/echo exec'"),
)

CASES = tuple(Case("coreutils-" + name, script)
              for name, script in _COREUTILS.items()) + _OTHERS

# Modules of CPython's own tests that need no network and are stable.
PYTHON_TESTS = (
    "test_array", "test_ast", "test_base64", "test_bisect", "test_bytes", "test_class", "test_collections",
    "test_complex", "test_ctypes", "test_datetime", "test_decimal", "test_dict", "test_exceptions", "test_float",
    "test_generators", "test_hashlib", "test_itertools", "test_json", "test_list", "test_math", "test_pickle",
    "test_re", "test_set", "test_sqlite3", "test_struct", "test_threading", "test_zlib",
)
