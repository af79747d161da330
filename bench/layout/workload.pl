# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0
# usage: perl workload.pl ROUNDS
# Words, hashes, sorting, patterns, objects and formats.
use strict;
use warnings;

package Shape { sub new { my ($class, %self) = @_; bless {%self}, $class } sub area { 0 } }
package Square { our @ISA = ('Shape'); sub area { $_[0]{side}**2 } }
package Circle { our @ISA = ('Shape'); sub area { 3.25 * $_[0]{side}**2 } }

package main;
my $total = 0;
for my $round (1 .. shift // 10) {
  my $seed = $round;
  my @words = map { $seed = ($seed * 1103515245 + 12345) % 2147483648;
                    join '', map { chr(97 + ($seed >> $_) % 26) } 3 .. 9 } 1 .. 6000;
  my %count;
  $count{substr $_, 0, 3}++ for @words;
  my @order = sort { $count{$b} <=> $count{$a} || $a cmp $b } keys %count;
  my $text = join ' ', @words;
  $total += () = $text =~ /\b([a-m]+)[n-z]\w*?(e|o)\b/g;
  (my $changed = $text) =~ s/(\w)(\w+)/\u$1$2/g;
  $total += length($changed) + ($changed =~ tr/A-M//);
  my %index;
  push @{$index{length($_) . substr $_, -1}}, lc for split ' ', $changed;
  $total += scalar @{$index{$_}} * ord(substr $_, -1) for sort keys %index;
  $total += length sprintf '%05d %-12s %.3f|', $count{$_}, $_, $count{$_} / 7 for @order;
  my @shapes = map { ($_ % 2 ? 'Square' : 'Circle')->new(side => $_ % 13) } 1 .. 4000;
  $total += $_->area for @shapes;
  my $packed = pack 'N*', map { $_ % 65536 } 1 .. 4000;
  $total += unpack '%32C*', $packed;
}
print "$total\n";
