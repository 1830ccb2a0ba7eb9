import { describe, expect, test } from 'vitest'
import { parseLesson, renderable } from '../../src/lessons/index.ts'

const place = { id: 'shared', course: 'Shared' }
const front = '---\ntitle: T\n---\n'
const step = '## Do it {#do}\nText.\n'

describe('a lesson', () => {
  test('is read with all its parts', () => {
    const lesson = parseLesson(
      [
        '---',
        'title: More of the same',
        'minutes: 6',
        'cluster: { nodes: [a, b], seed: 7 }',
        'start: [web.yaml, "kubectl get pods"]',
        'load: { url: http://web/, rps: 20 }',
        '---',
        'One pod is one point of failure.',
        '```yaml file=web.yaml hidden',
        'kind: Pod',
        '## no heading',
        '```',
        '## Ask for five {#scale-up}',
        'You say *what*.',
        '```predict',
        'question: How many?',
        'answers: ["none", "two"]',
        'right: 1',
        'why: Because.',
        '```',
        '```goal hold=10s',
        'deploy("web").spec.replicas == 5 && ready("app=web") == 5',
        'reach("tool", "http://web/") == "ok" // tool is answered',
        'never: traffic("users").failed > 0 // no request failed',
        '```',
        '```hint',
        'one',
        '```',
        '```solution',
        '# comment',
        'kubectl scale deployment web --replicas=5',
        'advance 1m',
        '```',
        '```wrong',
        'when: deploy("web") == null',
        'say: It is gone.',
        '```',
        '```start',
        'power off a',
        '```',
        '```sh',
        'kubectl get pods',
        '```',
      ].join('\n'),
      place,
    )
    expect(lesson).toMatchObject({
      title: 'More of the same',
      minutes: 6,
      seed: 7,
      nodes: [{ name: 'a' }, { name: 'b' }],
      files: { 'web.yaml': 'kind: Pod\n## no heading\n' },
      start: ['kubectl apply -f web.yaml', 'kubectl get pods'],
      load: { name: 'users', url: 'http://web/', rps: 20 },
      intro: 'One pod is one point of failure.',
    })
    expect(lesson.steps).toEqual([
      {
        id: 'scale-up',
        title: 'Ask for five',
        text: 'You say *what*.\n```sh\nkubectl get pods\n```',
        predict: { question: 'How many?', answers: ['none', 'two'], right: 1, why: 'Because.' },
        goal: [
          clause('deploy("web").spec.replicas == 5'),
          clause('ready("app=web") == 5'),
          { ...clause('reach("tool", "http://web/") == "ok"'), text: 'tool is answered' },
          { kind: 'never', text: 'no request failed', expression: 'traffic("users").failed > 0' },
        ],
        holdMs: 10_000,
        hints: ['one'],
        solution: ['kubectl scale deployment web --replicas=5', 'advance 1m'],
        wrong: [{ when: 'deploy("web") == null', say: 'It is gone.' }],
        start: ['power off a'],
      },
    ])
    expect(renderable(lesson, lesson.steps[0]!)).toMatch(/^One pod is one point of failure\.\n\nYou say/)
  })

  test.each<[string, string, number, RegExp]>([
    ['no front matter', '# Hello', 1, /front matter/],
    ['no title', '---\nminutes: 3\n---\n' + step, 2, /title/],
    ['broken YAML', '---\ntitle: T\nminutes: [\n---\n' + step, 3, /./],
    ['an odd field', '---\ntitle: T\nminuts: 3\n---\n' + step, 3, /no field minuts/],
    [
      'an odd field of the cluster',
      '---\ntitle: T\ncluster: { size: 3 }\n---\n' + step,
      3,
      /no field size; it has nodes, seed, etcdMembers/,
    ],
    [
      'an autoscaler that is a word',
      '---\ntitle: T\ncluster: { autoscaler: on }\n---\n' + step,
      3,
      /autoscaler has fields/,
    ],
    ['too many nodes', '---\ntitle: T\ncluster: { nodes: 1000 }\n---\n' + step, 3, /nodes/],
    ['a missing file', '---\ntitle: T\nstart: [web.yaml]\n---\n' + step, 3, /file=web\.yaml/],
    ['no step', front + 'Text.', 4, /at least one step/],
    ['a step without id', front + '## Do it\n', 4, /needs an id/],
    ['one id twice', front + step + step, 6, /two steps are called #do/],
    ['an open block', front + step + '```goal\ntrue', 6, /never closed/],
    ['a goal that is no CEL', front + step + '```goal\ntrue\npod("a"\n```', 8, /RPAREN/],
    ['an unknown word', front + step + '```goal\npodd("a") == null\n```', 7, /podd/],
    ['a goal that is a number', front + step + '```goal\nready("a")\n```', 7, /says yes or no/],
    [
      'too deep a goal',
      front + step + '```goal\n[1].all(a, [1].all(b, [1].all(c, [1].all(d, true))))\n```',
      7,
      /at most 3/,
    ],
    ['a regular expression', front + step + '```goal\n"a".matches("(a+)+")\n```', 7, /matches/],
    ['an odd hold', front + step + '```goal hold=soon\ntrue\n```', 6, /hold/],
    ['a misused word', front + step + '```solution\nkubectl get pods\npower ship-1\n```', 8, /power off NODE/],
    ['no right answer', front + step + '```predict\nquestion: Q\nanswers: [a, b]\nright: 2\n```', 6, /right/],
    ['wrong without say', front + step + '```wrong\nwhen: "true"\n```', 6, /say/],
  ])('says what is wrong: %s', (_, text, line, message) => {
    expect(() => parseLesson(text, place)).toThrow(
      expect.objectContaining({ name: 'LessonError', line, message: expect.stringMatching(message) }),
    )
  })
})

const clause = (text: string) => ({ text, kind: 'goal', expression: text })
