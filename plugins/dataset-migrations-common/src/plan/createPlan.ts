import { NotImplementedError } from '@backstage/errors';
import { AgentDefinition } from '../agents/types';
import { Contract } from '../contracts/types';
import { MigrationDocument, MigrationPlan } from './types';

/**
 * Makes the plan from one version of a dataset to another. Pure: the same input
 * gives the same plan. {@link initPlanning} must have been awaited.
 *
 * @param options.document - the owner's steps; without it they are derived
 *   from the diff where that is unambiguous
 * @param options.agents - what steps may name; the built-in agents by default
 * @throws ProposalError when the steps cannot be derived without guessing;
 *   InputError naming what a document misses or has too much, a cast that can
 *   never succeed, a version bump too small
 * @public
 */
export function createPlan(_options: {
  from: Contract;
  to: Contract;
  document?: MigrationDocument;
  agents?: AgentDefinition[];
}): MigrationPlan {
  throw new NotImplementedError('createPlan');
}
