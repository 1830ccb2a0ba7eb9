import type { KubeObject } from '../../../api/index.ts'
import { apiVersionOf, type Kind } from '../../../kinds/defineKind.ts'
import { policyScope } from '../../../kinds/admissionregistration/expressions.ts'
import {
  authorizerOf,
  CelError,
  compile,
  fromJson,
  type Budget,
  type Frame,
  type Program,
  type Scope,
  type Value,
} from '../../../cel/index.ts'
import { about, aboutPath } from '../../authorization/attributes.ts'
import { decide } from '../../authorization/authorizer.ts'
import type { AdmissionRequest } from '../admission.ts'
import { namespaceOf, operationOf } from './match.ts'

/** A named expression of a policy. */
export interface Variable {
  readonly name: string
  readonly expression: string
}

// A memo of frozen facts: programs by their text and what they may speak of.
const programs = new Map<string, Program>()
const keptMax = 500

/** The program of an expression over what a policy knows; `variables` that stand before it, if it may have any. */
export function programOf(expression: string, variables?: readonly Variable[]): Program {
  const names = variables?.map(({ name }) => name)
  const key = `${names?.join(',') ?? '-'}\n${expression}`
  let program = programs.get(key)
  if (program === undefined) {
    if (programs.size >= keptMax) programs.clear()
    const scope: Scope = policyScope({
      returns: 'any',
      hasParams: true,
      hasAuthorizer: true,
      ...(names !== undefined && { variables: names }),
    })
    programs.set(key, (program = compile(expression.trim(), scope)))
  }
  return program
}

/** Runs an expression; a program that could not be compiled counts as a failure of the run. */
export function runProgram(program: Program, frame: Frame, budget: Budget): Value {
  if (program.error !== undefined) throw new CelError(program.error)
  return program.run(frame, budget)
}

/** Everything that a policy's expressions may speak of in one request. */
export function frameOf(
  request: AdmissionRequest,
  object: KubeObject | undefined,
  params: KubeObject | undefined,
  variables: readonly Variable[],
  budget: Budget,
): Frame {
  const known = new Map<string, Value>()
  const made = new Map<string, Value>()
  const make: Readonly<Record<string, () => Value>> = {
    object: () => fromJson(object),
    oldObject: () => fromJson(request.old),
    params: () => fromJson(params),
    request: () => fromJson(requestForm(request)),
    namespaceObject: () => fromJson(namespaceOf(request)),
    authorizer: () => authorizer(request),
    variables: () => fromJson({}),
  }
  const frame: Frame = {
    find(name) {
      if (!known.has(name) && make[name] !== undefined) known.set(name, make[name]())
      return known.get(name)
    },
    member(root, name) {
      if (root !== 'variables') return undefined
      if (!made.has(name)) made.set(name, variable(name))
      return made.get(name)
    },
  }

  function variable(name: string): Value {
    const index = variables.findIndex((one) => one.name === name)
    if (index < 0) throw new CelError(`no such key: ${name}`)
    try {
      return runProgram(programOf(variables[index]!.expression, variables.slice(0, index)), frame, budget)
    } catch (error) {
      if (!(error instanceof CelError)) throw error
      throw new CelError(`composited variable ${JSON.stringify(name)} fails to evaluate: ${error.message}`)
    }
  }

  return frame
}

/** The attributes of a request, as an AdmissionReview has them. */
export function requestForm(request: AdmissionRequest): object {
  const { kind, subresource, name, namespace, user, dryRun } = request
  const { group, version, plural: resource } = kind
  const ownKind = { group, version, kind: kind.kind }
  const ownResource = { group, version, resource }
  return {
    kind: ownKind,
    resource: ownResource,
    subResource: subresource,
    requestKind: ownKind,
    requestResource: ownResource,
    requestSubResource: subresource,
    name,
    ...(kind.namespaced && { namespace }),
    operation: operationOf(request),
    userInfo: { username: user.name, groups: user.groups },
    dryRun,
    options: {},
  }
}

function authorizer({ user, context }: AdmissionRequest): Value {
  return authorizerOf((question) => {
    const attributes =
      question.path === undefined
        ? about(user, question.verb ?? '', question)
        : aboutPath(user, question.verb ?? '', question.path)
    const { isAllowed, reason } = decide(attributes, context)
    return { allowed: isAllowed, reason }
  })
}

/** An object of a policy's kind of parameters, by `apiVersion` and `kind`. */
export function isKind(kind: Kind, wanted: { readonly apiVersion?: string; readonly kind?: string }): boolean {
  return kind.kind === wanted.kind && apiVersionOf(kind) === wanted.apiVersion
}
