import { describe, expect, test } from 'vitest'
import { runScript } from './stage.ts'

describe('scripts', () => {
  test.each<[name: string, script: string, out: string, code?: number]>([
    ['words', `echo a  b "c  d" 'e $x'`, 'a b c  d e $x\n'],
    ['variables', 'a=1; b="$a 2"; echo $b "${b}"', '1 2 1 2\n'],
    ['splitting', 'a="x  y"; set -- $a; echo $# "$1"', '2 x\n'],
    ['no splitting in quotes', 'a="x  y"; set -- "$a"; echo $# "$1"', '1 x  y\n'],
    ['unset variables vanish', 'set -- $nothing ""; echo $#', '1\n'],
    ['defaults', 'echo ${x:-d} ${x-"a b"} ${x:=set} $x ${x:+other}', 'd a b set set other\n'],
    [
      'prefixes and suffixes',
      'f=a/b/c.tar.gz; echo ${f##*/} ${f#*/} ${f%%.*} ${f%.*} ${#f}',
      'c.tar.gz b/c.tar.gz a/b/c a/b/c.tar 12\n',
    ],
    ['replacement and slices', 'a=hello; echo ${a/l/L} ${a//l/L} ${a:1:3} ${a: -2}', 'heLlo heLLo ell lo\n'],
    ['command substitution', 'echo "[$(echo a; echo b)]" `echo c`', '[a\nb] c\n'],
    ['arithmetic', 'i=3; echo $((i*2+1)) $((i++)) $i $((10 % 4)) $((1 << 4)) $((i > 2 && 1))', '7 3 4 2 16 1\n'],
    ['and, or, not', 'true && echo a; false || echo b; ! false && echo c; false && echo d; echo $?', 'a\nb\nc\n1\n'],
    ['if', 'if [ 1 -gt 2 ]; then echo a; elif [ x = x ]; then echo b; else echo c; fi', 'b\n'],
    ['while', 'i=0; while [ $i -lt 3 ]; do echo $i; i=$((i+1)); done', '0\n1\n2\n'],
    [
      'until, break, continue',
      'i=0; until false; do i=$((i+1)); [ $i = 2 ] && continue; [ $i = 4 ] && break; echo $i; done',
      '1\n3\n',
    ],
    ['for', 'for x in a "b c" $(echo d e); do echo "<$x>"; done', '<a>\n<b c>\n<d>\n<e>\n'],
    ['nested break', 'for i in 1 2; do for j in 1 2; do echo $i$j; break 2; done; done; echo end', '11\nend\n'],
    ['case', 'for x in apple box 7; do case $x in a*) echo A;; [0-9]) echo N;; *x|y) echo X;; esac; done', 'A\nX\nN\n'],
    ['functions', 'f() { local v=in; echo "$1 $# $v"; return 3; }; v=out; f a b; echo $? $v', 'a 2 in\n3 out\n'],
    ['recursion', 'f() { [ $1 -le 1 ] && echo 1 && return; echo $(( $1 * $(f $(($1-1))) )); }; f 5', '120\n'],
    ['pipes', 'printf "b\\na\\nb\\n" | sort | uniq -c | awk \'{print $2 ":" $1}\'', 'a:1\nb:2\n'],
    ['a pipe to a loop', 'printf "1 2\\n3 4\\n" | while read a b; do echo $((a+b)); done', '3\n7\n'],
    ['status of pipes', 'false | true; echo $?; true | false; echo $?', '0\n1\n'],
    ['an endless writer stops when nobody reads', 'yes | head -n 2', 'y\ny\n'],
    ['counts the old way', 'seq 1 20 | head -12 | tail -11 | wc -l', '11\n'],
    ['files', 'echo a > /tmp/f; echo b >> /tmp/f; cat /tmp/f; wc -l < /tmp/f', 'a\nb\n2\n'],
    ['here-documents', "x=1; cat <<EOF\na $x\nEOF\ncat <<'EOF'\na $x\nEOF", 'a 1\na $x\n'],
    [
      'descriptors',
      '{ echo out; echo err >&2; } 2>/tmp/e >/tmp/o; cat /tmp/e; cat /tmp/o; ls /nope 2>/dev/null; echo $?',
      'err\nout\n1\n',
    ],
    ['subshells keep changes to themselves', 'a=1; (a=2; cd /tmp; exit 4); echo $? $a $(pwd)', '4 1 /\n'],
    ['background and wait', '(sleep 2; echo late) & echo early; wait; echo $?', 'early\nlate\n0\n'],
    ['wait for one', 'sh -c "exit 7" & wait $!; echo $?', '7\n'],
    ['globs', 'cd /tmp; touch b.txt a.txt c.log; echo *.txt [c]* *.none', 'a.txt b.txt c.log *.none\n'],
    ['set -e', 'set -e; false || echo a; if false; then :; fi; ! true; false; echo never', 'a\n', 1],
    ['set -e and functions', 'set -e; f() { false; echo in; }; f && echo ok; f; echo never', 'in\nok\n', 1],
    ['set -u', 'set -u; echo ${a:-x}; echo $a; echo never', 'x\nsh: a: parameter not set\n', 2],
    ['set -x', 'set -x; a=1; echo "b c"', "+ a=1\n+ echo 'b c'\nb c\n"],
    ['exit', 'echo a; exit 3; echo b', 'a\n', 3],
    ['exit trap', 'trap "echo bye \\$?" EXIT; exit 5', 'bye 5\n', 5],
    ['own trap', 'trap "echo got" USR1; kill -USR1 $$; echo after', 'got\nafter\n'],
    ['eval and exec', 'c="echo a b"; eval $c; exec echo last; echo never', 'a b\nlast\n'],
    ['eval with redirection', 'eval "echo a; echo b" > /tmp/x; echo c; cat /tmp/x', 'c\na\nb\n'],
    ['function with redirection', 'f() { echo a; return 1; echo b; }; f > /tmp/x; echo $?; cat /tmp/x', '1\na\n'],
    ['export', 'A=1; export B=2; sh -c \'echo "$A-$B-$C"\'; C=3 sh -c \'echo $C\'; echo "$C."', '-2-\n3\n.\n'],
    ['shift and positional', 'set -- a b c; shift; echo "$@" $1 $#; for x; do echo $x; done', 'b c b 2\nb\nc\n'],
    [
      'read',
      'echo "a b c" > /tmp/l; read x y < /tmp/l; echo "$y|$x"; IFS=: read u v <<E\nroot:x:0\nE\necho $u $v',
      'b c|a\nroot x:0\n',
    ],
    [
      'test',
      '[ -f /etc/passwd ] && [ -d /tmp ] && [ ! -e /nope ] && [ -n a -a -z "" ] && echo yes; [ 1 = 2 -o 2 = 2 ] && echo or',
      'yes\nor\n',
    ],
    ['unknown command', 'nosuch; echo $?', 'sh: nosuch: not found\n127\n'],
    ['missing file', 'cat /tmp/healthy', "cat: can't open '/tmp/healthy': No such file or directory\n", 1],
    ['printf', 'printf "%s=%d %05.1f %x\\n" a 3 2.5 255 b 4 1 16', 'a=3 002.5 ff\nb=4 001.0 10\n'],
    [
      'sed and cut',
      'echo "Modify: 2026" | sed -r "s/Modify: (.*)/\\1/"; echo a:b:c | cut -d: -f2; echo hello | tr a-y b-z',
      '2026\nb\nifmmp\n',
    ],
    [
      'grep',
      'printf "a1\\nb2\\na3\\n" | grep -c a; printf "x\\n" | grep -q y || echo no; printf "k=v\\n" | grep -oE "[a-z]+$"',
      '2\nno\nv\n',
    ],
    ['xargs and find', 'mkdir -p /tmp/d; touch /tmp/d/a /tmp/d/b; find /tmp/d -type f | xargs -n1 basename', 'a\nb\n'],
    ['mathematics of tools', 'expr 3 + 4; seq 3 | paste 2>/dev/null || seq -s, 3', '7\n1,2,3\n'],
    ['brace groups', '{ echo a; echo b; } | tac', 'b\na\n'],
    ['syntax errors', 'if true; then echo a', expect.stringContaining('syntax error') as unknown as string, 2],
  ])('ash: %s', (_, script, out, code = 0) => {
    const run = runScript(script)
    expect(run.out).toEqual(out)
    expect(run.code).toBe(code)
  })

  test.each<[name: string, script: string, out: string, code?: number]>([
    [
      'arrays',
      'items=(foo bar baz); echo ${items[1]} ${#items[@]} "${items[@]}"; items+=(q); echo ${items[-1]}',
      'bar 3 foo bar baz\nq\n',
    ],
    [
      'matches',
      '[[ web-12 =~ -([0-9]+)$ ]] && echo ${BASH_REMATCH[1]}; [[ abc == a* && ! -f /nope ]] && echo yes',
      '12\nyes\n',
    ],
    ['arithmetic for', 'for ((i=0; i<3; i++)); do echo -n $i; done; ((i == 3)) && echo " done"', '012 done\n'],
    ['braces', 'echo {1..3} x{a,b}', '1 2 3 xa xb\n'],
    ['here-strings', 'read a b <<< "1 2"; echo $b$a', '21\n'],
    ['pipefail', 'set -o pipefail; false | true; echo $?', '1\n'],
    ['file substitution', 'echo hi > /tmp/f; x="x$(</tmp/f)"; echo $x', 'xhi\n'],
    ['both streams', 'f() { echo a; echo b >&2; }; f &> /tmp/x; cat /tmp/x', 'a\nb\n'],
    ['unknown command', 'nosuch', 'bash: line 1: nosuch: command not found\n', 127],
    ['trap and wait', 'trap "exit 9" TERM; (sleep 1; kill -TERM $$) & wait', '', 9],
  ])('bash: %s', (_, script, out, code = 0) => {
    const run = runScript(script, 'debian', 'bash')
    expect(run.out).toBe(out)
    expect(run.code).toBe(code)
  })

  test('dash has its own words', () => {
    expect(runScript('foo; [[ a == a ]]; cat /nope; echo "a\\tb"', 'debian').out).toBe(
      'sh: 1: foo: not found\nsh: 1: [[: not found\ncat: /nope: No such file or directory\na\tb\n',
    )
  })

  test('sleeping takes virtual time', () => {
    expect(runScript('sleep 1.5; sleep 2')).toMatchObject({ code: 0, tookMs: 3500 })
  })

  test('an endless loop burns time and never hangs', () => {
    const started = performance.now()
    expect(runScript('while :; do :; done', 'busybox', 'sh', 60_000).code).toBeUndefined()
    expect(performance.now() - started).toBeLessThan(2000)
  })
})
