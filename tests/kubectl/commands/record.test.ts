import { expect, test } from 'vitest'
import { typed } from './lines.ts'

const note = 'Flag --record has been deprecated, --record will be removed in the future'
const make = 'kubectl create deployment web --image=nginx:1.29'
const files = {
  'cm.yaml': '{apiVersion: v1, kind: ConfigMap, metadata: {name: cm}}',
}
const causeOf = (what: string): string =>
  `kubectl get ${what} -o jsonpath='{.metadata.annotations.kubernetes\\.io/change-cause}'`

// Recorded with kubectl 1.36.3.
test.each([
  ['kubectl scale deploy web --replicas=3 --record', 'deployment.apps/web scaled', 'deploy web'],
  ['kubectl set image deploy web nginx=nginx:1.28 --record', 'deployment.apps/web image updated', 'deploy web'],
  ['kubectl label deploy web a=b --record', 'deployment.apps/web labeled', 'deploy web'],
  ['kubectl annotate deploy web a=b --record', 'deployment.apps/web annotated', 'deploy web'],
  [`kubectl patch deploy web --patch='{"spec":{"replicas":3}}' --record`, 'deployment.apps/web patched', 'deploy web'],
  ['kubectl expose deploy web --port=80 --record', 'service/web exposed', 'svc web'],
  ['kubectl autoscale deploy web --max=3 --record', 'horizontalpodautoscaler.autoscaling/web autoscaled', 'hpa web'],
  ['kubectl run x --image=nginx --record', 'pod/x created', 'pod x'],
  ['kubectl create --filename=cm.yaml --record', 'configmap/cm created', 'cm cm'],
  ['kubectl apply --filename=cm.yaml --record', 'configmap/cm created', 'cm cm'],
])('%s', (line, done, what) => {
  const cause = `${line}=true`.replaceAll("'", '')
  expect(
    typed(`${make} && ${line} && ${causeOf(what)}`, files)
      .text.split('\n')
      .slice(1),
  ).toEqual([note, done, cause])
})

test('a short flag is noted by its long name', () =>
  expect(typed(`kubectl create -f cm.yaml --record && ${causeOf('cm cm')}`, files).text).toContain(
    '\nkubectl create --filename=cm.yaml --record=true',
  ))

test('--record=false notes nothing', () =>
  expect(
    typed(`${make} && kubectl scale deploy web --replicas=3 --record=false && ${causeOf('deploy web')}`).text,
  ).toBe(`deployment.apps/web created\n${note}\ndeployment.apps/web scaled`))
