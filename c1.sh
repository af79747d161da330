exec clang: error: no such file or directory: 'large.cc'
