import { NotImplementedError } from '@backstage/errors';
import { Contract } from '../contracts/types';
import { Change } from './types';

/**
 * Every difference between two versions of a contract, with its effect on a
 * reader of the old one.
 *
 * @param renames - old name to new name, where a migration document says so;
 *   fields with the same stable id are matched without it
 * @public
 */
export function diffContracts(
  _from: Contract,
  _to: Contract,
  _renames?: ReadonlyMap<string, string>,
): Change[] {
  throw new NotImplementedError('diffContracts');
}
