import { JsonObject } from '@backstage/types';
import { compareContracts } from '../compatibility/compareContracts';
import { contractText } from './contractText';

/**
 * The rules of the changes between two contracts of the same field, or of the
 * same parts of a contract.
 */
export function rulesBetween(
  from: JsonObject | JsonObject[],
  to: JsonObject | JsonObject[],
  more: { from?: JsonObject; to?: JsonObject } = {},
): string[] {
  const textOf = (fields: JsonObject | JsonObject[], parts?: JsonObject) =>
    contractText(
      '1.0.0',
      Array.isArray(fields) ? fields : [{ name: 'a', ...fields }],
      { servers: [], ...parts },
    );
  return compareContracts(
    textOf(from, more.from),
    textOf(to, more.to),
  ).changes.map(({ rule }) => rule!);
}
