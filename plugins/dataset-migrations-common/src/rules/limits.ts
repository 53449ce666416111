import { InputError } from '@backstage/errors';
import { JsonValue } from '@backstage/types';
import { QualityLimit } from '../contracts/types';
import { RuleLimit } from './types';

type Reader = (value: JsonValue) => RuleLimit;

const readers: Record<string, Reader> = {
  mustBe: value => ({ from: number(value), to: number(value) }),
  mustNotBe: value => ({
    from: number(value),
    to: number(value),
    outside: true,
  }),
  mustBeGreaterThan: value => ({
    from: -Infinity,
    to: number(value),
    outside: true,
  }),
  mustBeGreaterOrEqualTo: value => ({ from: number(value), to: Infinity }),
  mustBeLessThan: value => ({
    from: number(value),
    to: Infinity,
    outside: true,
  }),
  mustBeLessOrEqualTo: value => ({ from: -Infinity, to: number(value) }),
  mustBeBetween: range,
  mustNotBeBetween: value => ({ ...range(value), outside: true }),
};

/** @throws InputError for an operator or a value that numbers have not */
export function readLimit({ operator, value }: QualityLimit): RuleLimit {
  if (!Object.hasOwn(readers, operator)) {
    throw new InputError(`the operator ${operator} is not known`);
  }
  try {
    return readers[operator](value);
  } catch (error) {
    throw new InputError(`${operator} ${(error as Error).message}`);
  }
}

function number(value: JsonValue): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new InputError('needs a number');
  }
  return value;
}

function range(value: JsonValue): RuleLimit {
  if (!Array.isArray(value) || value.length !== 2) {
    throw new InputError('needs two numbers');
  }
  const [from, to] = value.map(number);
  if (from > to) {
    throw new InputError('needs the smaller number first');
  }
  return { from, to };
}
