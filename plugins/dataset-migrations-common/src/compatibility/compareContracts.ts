import { InputError } from '@backstage/errors';
import { diffContracts } from '../changes/diffContracts';
import {
  CompatibilityGrades,
  gradeChanges,
  gravestEffect,
} from '../changes/grades';
import { ChangeEffect } from '../changes/kinds';
import { Change } from '../changes/types';
import { readComparableContract } from '../contracts/readComparableContract';

/**
 * What it means for a reader of one version of a contract to get data of another
 * one. Unlike a plan it needs no more of them than what there is to compare.
 *
 * @param from - YAML text of the old version: ODCS v3, or the older Data Contract
 *   Specification
 * @param to - of the new version
 * @throws InputError with everything that is wrong in one of them, saying in
 *   which
 * @public
 */
export function compareContracts(
  from: string,
  to: string,
  grades: CompatibilityGrades = {},
): { changes: Change[]; effect: ChangeEffect } {
  const changes = gradeChanges(
    diffContracts(read(from, 'old'), read(to, 'new')),
    grades,
  );
  return { changes, effect: gravestEffect(changes) };
}

function read(text: string, which: 'old' | 'new') {
  try {
    return readComparableContract(text);
  } catch (error) {
    throw error instanceof InputError
      ? new InputError(`The ${which} version: ${error.message}`)
      : error;
  }
}
