import { pairObjects } from '../contracts/pairObjects';
import { contractOf } from '../contracts/objects';
import { objectMark } from '../contracts/objectMark';
import { Contract } from '../contracts/types';
import { Mapping } from '../mapping/types';
import { MigrationPlan } from './types';

/**
 * What a plan does with one schema object, as an engine works on it.
 *
 * @public
 */
export interface PlanPart {
  /** Name of the object in the old version; absent where there is only one. */
  object?: string;
  mapping: Mapping;
  /** The contracts, as they speak of this object. */
  sourceContract: Contract;
  targetContract: Contract;
}

/**
 * The parts of a plan, one for each object of the old contract, in its order.
 *
 * @public
 */
export function planParts(
  plan: Pick<MigrationPlan, 'mapping' | 'furtherMappings'>,
  from: Contract,
  to: Contract,
): PlanPart[] {
  const mappings = [plan.mapping, ...(plan.furtherMappings ?? [])];
  return pairObjects(from, to).map((pair, index) => ({
    ...objectMark(from, pair.from),
    mapping: mappings[index],
    sourceContract: contractOf(from, pair.from),
    targetContract: contractOf(to, pair.to),
  }));
}
