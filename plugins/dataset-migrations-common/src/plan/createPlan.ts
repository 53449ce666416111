import { InputError } from '@backstage/errors';
import { builtInAgents } from '../agents/builtInAgents';
import { AgentDefinition } from '../agents/types';
import { diffContracts } from '../changes/diffContracts';
import { matchFields } from '../changes/matchFields';
import { Change } from '../changes/types';
import { Contract } from '../contracts/types';
import { MappingSegment } from '../mapping/types';
import { AgentRegistry } from './agentRegistry';
import { applySteps } from './applySteps';
import { deriveSteps } from './deriveSteps';
import { invertMapping } from './invertMapping';
import { lineageOf } from './MappingBuilder';
import { proposalError } from './proposeDocument';
import { setAsideChanges } from './setAside';
import { MigrationDocument, MigrationPlan, MigrationStep } from './types';
import { contractRules } from '../rules/contractRules';
import { checkBump, requiredBump } from './versionBump';

/**
 * Makes the plan from one version of a dataset to another. Pure: the same input
 * gives the same plan. {@link initPlanning} must have been awaited.
 *
 * @param options.document - the owner's steps; without it they are derived
 *   from the diff where that is unambiguous
 * @param options.agents - what steps may name; the built-in agents by default
 * @throws ProposalError when the steps cannot be derived without guessing;
 *   InputError naming what a document misses or has too much, a cast that can
 *   never succeed, a version bump too small, a rule of the new contract that
 *   cannot be checked
 * @public
 */
export function createPlan(options: {
  from: Contract;
  to: Contract;
  document?: MigrationDocument;
  agents?: readonly AgentDefinition[];
}): MigrationPlan {
  const { from, to, document } = options;
  const registry = new AgentRegistry(options.agents ?? builtInAgents);
  const steps = document ? stepsOf(document, from, to) : derivedSteps(from, to);
  const fields = { from: from.schema.fields, to: to.schema.fields, registry };
  const { segments, setAside, applied } = applySteps({ ...fields, steps });
  checkRules(to);
  const changes = [
    ...changesOf(from, to, segments),
    ...setAsideChanges(setAside),
  ];
  checkBump(from.version, to.version, changes);
  return {
    fromVersion: from.version,
    toVersion: to.version,
    steps: [...steps],
    stepsFrom: document ? 'document' : 'derived',
    changes,
    mapping: {
      source: fields.from,
      target: fields.to,
      segments,
      ...(setAside.length > 0 && { setAside }),
      ...invertMapping({ ...fields, applied }),
    },
    breaking: changes.some(change => change.effect === 'breaking'),
    requiredBump: requiredBump(changes),
  };
}

/** A rule that cannot be checked must not pass for one that holds. */
function checkRules(contract: Contract): void {
  try {
    contractRules(contract);
  } catch (error) {
    throw error instanceof InputError
      ? new InputError(
          `Version ${contract.version} cannot be verified: ${error.message}`,
        )
      : error;
  }
}

function stepsOf(
  document: MigrationDocument,
  from: Contract,
  to: Contract,
): MigrationStep[] {
  if (document.from !== from.version || document.to !== to.version) {
    throw new InputError(
      `The migration document goes from ${document.from} to ${document.to}, not from ${from.version} to ${to.version}`,
    );
  }
  return document.steps;
}

function derivedSteps(from: Contract, to: Contract): MigrationStep[] {
  const steps = deriveSteps(from, to);
  if (steps.some(step => step.question !== undefined)) {
    throw proposalError(from.version, to.version, steps);
  }
  return steps;
}

/**
 * The difference of the contracts in the light of what the steps do: which
 * fields they rename, and which they fill with other values.
 */
function changesOf(
  from: Contract,
  to: Contract,
  segments: MappingSegment[],
): Change[] {
  const lineage = new Map(
    to.schema.fields.map(field => [
      field.name,
      lineageOf(segments, field.name),
    ]),
  );
  const renames = new Map<string, string>();
  for (const [target, source] of lineage) {
    const stays = source !== undefined && lineage.get(source) === source;
    if (source !== undefined && source !== target && !stays) {
      renames.set(source, target);
    }
  }
  const { pairs } = matchFields(from.schema.fields, to.schema.fields, renames);
  const rewritten = pairs.filter(
    pair => lineage.get(pair.to.name) !== pair.from.name,
  );
  return [
    ...diffContracts(from, to, renames),
    ...rewritten.map(
      (pair): Change => ({
        kind: 'values-changed',
        from: pair.from.name,
        to: pair.to.name,
        effect: 'breaking',
        summary: 'filled with other values',
      }),
    ),
  ];
}
