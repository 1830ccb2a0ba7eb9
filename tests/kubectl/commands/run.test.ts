import { expect, test } from 'vitest'
import { typed } from './lines.ts'

const dry = '--dry-run=client -o jsonpath={.spec.nodeName}'

// Recorded with kubectl 1.36.3.
test.each([
  [
    '--dry-run=client --attach',
    "error: --dry-run=[server|client] can't be used with attached containers options (--attach, --stdin, or --tty)\nSee 'kubectl run -h' for help and examples",
  ],
  ['--port=abc', 'error: strconv.Atoi: parsing "abc": invalid syntax'],
  ['--annotations=a', 'error: invalid annotations format: a'],
  [`--overrides='{"spec":'`, 'error: Invalid JSON Patch'],
  [`--overrides='{}' --override-type=foo`, 'error: invalid override type: foo'],
  [
    `--overrides='{}' --override-type=json`,
    'error: json: cannot unmarshal object into Go value of type jsonpatch.Patch',
  ],
  ['--cascade=foo', 'error: invalid cascade value (foo). Must be "background", "foreground", or "orphan"'],
  [
    '-i --pod-running-timeout=0s',
    "error: --pod-running-timeout must be higher than zero\nSee 'kubectl run -h' for help and examples",
  ],
])('run x --image=nginx %s', (flags, text) =>
  expect(typed(`kubectl run x --image=nginx ${flags}`)).toEqual({ text, code: 1 }),
)

test.each(['strategic', 'merge'])('run refuses to put what is no object into a pod: %s', (how) => {
  for (const overrides of ['null', '5', '[]', '{"metadata":null}'])
    expect(typed(`kubectl run x --image=nginx --override-type=${how} --overrides='${overrides}'`)).toEqual({
      text: 'error: Invalid JSON Patch',
      code: 1,
    })
})

test.each([
  ['--command', 'pod/x created'],
  ['--restart=', 'pod/x created'],
  ['-f nope.yaml', 'pod/x created'],
  [`--overrides='{"spec":{"nodeName":"a"}}' ${dry}`, 'a'],
  [`--overrides='{"spec":{"nodeName":"b"}}' --override-type=strategic ${dry}`, 'b'],
  [`--overrides='[{"op":"add","path":"/spec/nodeName","value":"c"}]' --override-type=json ${dry}`, 'c'],
])('run x --image=nginx %s', (flags, text) =>
  expect(typed(`kubectl run x --image=nginx ${flags}`)).toEqual({ text, code: 0 }),
)

test('a pod that fails while it is attached to ends the line with its code and why', () => {
  const { text, code } = typed(`kubectl run x --image=busybox --attach --restart=Never -- sh -c 'echo hi; exit 3'`)
  expect(text).toBe(
    "All commands and output from this session will be recorded in container logs, including credentials and sensitive information passed through the command prompt.\nIf you don't see a command prompt, try pressing enter.\nhi\npod default/x terminated (Error)",
  )
  expect(code).toBe(3)
})
