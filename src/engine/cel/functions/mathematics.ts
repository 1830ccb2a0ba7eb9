import { compare, fail, itemsOf, type Value } from '../values.ts'
import type { Functions } from './define.ts'

const most = (values: readonly Value[], sign: number): Value =>
  values.length === 0
    ? fail('math.@max(list) argument must not be empty')
    : values.reduce((best, value) => ((compare(value, best) ?? 0) * sign > 0 ? value : best))

/** CEL's library of numbers. */
export const mathematics: Functions = {
  'math.greatest(A) A': (value: Value) => (Array.isArray(value) ? most(itemsOf(value), 1) : value),
  'math.greatest(A, B) dyn': (a: Value, b: Value) => most([a, b], 1),
  'math.greatest(A, B, C) dyn': (a: Value, b: Value, c: Value) => most([a, b, c], 1),
  'math.least(A) A': (value: Value) => (Array.isArray(value) ? most(itemsOf(value), -1) : value),
  'math.least(A, B) dyn': (a: Value, b: Value) => most([a, b], -1),
  'math.least(A, B, C) dyn': (a: Value, b: Value, c: Value) => most([a, b, c], -1),
  'math.ceil(double) double': (value: number) => Math.ceil(value),
  'math.floor(double) double': (value: number) => Math.floor(value),
  'math.round(double) double': (value: number) => Math.sign(value) * Math.round(Math.abs(value)),
  'math.trunc(double) double': (value: number) => Math.trunc(value),
  'math.abs(int) int': (value: bigint) => (value < 0n ? -value : value),
  'math.abs(double) double': (value: number) => Math.abs(value),
  'math.sign(int) int': (value: bigint) => (value < 0n ? -1n : value > 0n ? 1n : 0n),
  'math.sign(double) double': (value: number) => Math.sign(value),
  'math.isNaN(double) bool': (value: number) => Number.isNaN(value),
  'math.isInf(double) bool': (value: number) => Math.abs(value) === Infinity,
}
