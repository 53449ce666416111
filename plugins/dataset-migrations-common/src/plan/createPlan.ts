import { InputError } from '@backstage/errors';
import { builtInAgents } from '../agents/builtInAgents';
import { AgentDefinition } from '../agents/types';
import { changeBy } from '../changes/changeBy';
import { diffContracts } from '../changes/diffContracts';
import { CompatibilityGrades, gradeChanges } from '../changes/grades';
import { FieldPair, matchFields } from '../changes/matchFields';
import { Change } from '../changes/types';
import {
  contractOf,
  fieldPrefix,
  hasSeveralObjects,
  objectsOf,
} from '../contracts/objects';
import { objectMark } from '../contracts/objectMark';
import { pairObjects } from '../contracts/pairObjects';
import { Contract, SchemaObject } from '../contracts/types';
import { Mapping } from '../mapping/types';
import { AgentRegistry } from './agentRegistry';
import { applySteps } from './applySteps';
import { deriveSteps } from './deriveSteps';
import { describeValues, losesToNull } from './describeValues';
import { invertMapping } from './invertMapping';
import { lineageOf } from './MappingBuilder';
import { proposalError } from './proposeDocument';
import { OwnSteps, stepsByObject } from './stepsByObject';
import { setAsideChanges } from './setAside';
import { MigrationDocument, MigrationPlan, MigrationStep } from './types';
import { contractRules } from '../rules/contractRules';
import { checkBump, requiredBump } from './versionBump';

/**
 * Makes the plan from one version of a dataset to another. Pure: the same input
 * gives the same plan. {@link initPlanning} must have been awaited.
 *
 * Objects of the two versions are the same by their stable id, else by name.
 *
 * @param options.document - the owner's steps; without it they are derived
 *   from the diff where that is unambiguous
 * @param options.agents - what steps may name; the built-in agents by default
 * @param options.grades - rules that are graded otherwise than by default
 * @throws ProposalError when the steps cannot be derived without guessing;
 *   VersionTooLowError for a version bump too small; InputError naming what a
 *   document misses or has too much, a cast that can never succeed, a rule of the
 *   new contract that cannot be checked
 * @public
 */
export function createPlan(options: {
  from: Contract;
  to: Contract;
  document?: MigrationDocument;
  agents?: readonly AgentDefinition[];
  grades?: CompatibilityGrades;
}): MigrationPlan {
  const { from, to, document } = options;
  const registry = new AgentRegistry(options.agents ?? builtInAgents);
  const steps = document ? stepsOf(document, from, to) : derivedSteps(from, to);
  const pairs = pairObjects(from, to);
  const [mapping, ...furtherMappings] = stepsByObject(from, steps).map(
    (own, index) => mappingOf(from, pairs[index], own, registry),
  );
  checkRules(to);
  const changes = gradeChanges(
    changesOf(from, to, [mapping, ...furtherMappings]),
    options.grades ?? {},
  );
  checkBump(from.version, to.version, changes);
  return {
    fromVersion: from.version,
    toVersion: to.version,
    steps: [...steps],
    stepsFrom: document ? 'document' : 'derived',
    changes,
    mapping,
    ...(furtherMappings.length > 0 ? { furtherMappings } : {}),
    breaking: changes.some(change => change.effect === 'breaking'),
    requiredBump: requiredBump(changes),
  };
}

/** @throws InputError naming what does not fit, and the object where there are several */
function mappingOf(
  contract: Contract,
  pair: { from: SchemaObject; to: SchemaObject },
  own: OwnSteps,
  registry: AgentRegistry,
): Mapping {
  const fields = { from: pair.from.fields, to: pair.to.fields, registry };
  try {
    const { segments, setAside, applied } = applySteps({ ...fields, ...own });
    return {
      source: fields.from,
      target: fields.to,
      segments,
      ...(setAside.length > 0 && { setAside }),
      ...invertMapping({ ...fields, applied }),
    };
  } catch (error) {
    throw error instanceof InputError && hasSeveralObjects(contract)
      ? new InputError(`Object \`${pair.from.name}\`: ${error.message}`)
      : error;
  }
}

/** A rule that cannot be checked must not pass for one that holds. */
function checkRules(contract: Contract): void {
  for (const object of objectsOf(contract)) {
    try {
      contractRules(contractOf(contract, object));
    } catch (error) {
      const of = hasSeveralObjects(contract)
        ? `object \`${object.name}\`: `
        : '';
      throw error instanceof InputError
        ? new InputError(
            `Version ${contract.version} cannot be verified: ${of}${error.message}`,
          )
        : error;
    }
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

/** What a cast with `onFailure: null` means for readers. */
const NULL_WHERE_NOT_CAST = 'NULL where a value cannot be cast';

/**
 * The difference of the contracts in the light of what the steps do: which
 * fields they rename, and which they fill with other values.
 *
 * @param mappings - of the objects of the old contract
 */
function changesOf(
  from: Contract,
  to: Contract,
  mappings: Mapping[],
): Change[] {
  const renames = new Map<string, string>();
  const rewritten: Change[] = [];
  const setAside: Change[] = [];
  /** By target field of which values become NULL: what is said where no other change does. */
  const nulled = new Map<string, Change>();
  pairObjects(from, to).forEach((pair, index) => {
    const prefix = {
      from: fieldPrefix(from, pair.from),
      to: fieldPrefix(to, pair.to),
    };
    const mark = objectMark(from, pair.from);
    const mapping = mappings[index];
    const own = fieldChanges(pair, mapping);
    const valuesOf = describeValues(mapping.segments);
    for (const [before, after] of own.renames) {
      renames.set(`${prefix.from}${before}`, `${prefix.to}${after}`);
    }
    rewritten.push(
      ...own.rewritten.map(
        (fields): Change =>
          changeBy('values-rewritten', {
            ...mark,
            from: `${prefix.from}${fields.from.name}`,
            to: `${prefix.to}${fields.to.name}`,
            summary: `filled with other values: ${valuesOf(fields.to.name)}`,
          }),
      ),
    );
    for (const fields of own.kept) {
      if (losesToNull(mapping.segments, fields.to.name)) {
        const names = {
          from: `${prefix.from}${fields.from.name}`,
          to: `${prefix.to}${fields.to.name}`,
        };
        nulled.set(
          names.to,
          changeBy('values-rewritten', {
            ...mark,
            ...names,
            summary: NULL_WHERE_NOT_CAST,
          }),
        );
      }
    }
    setAside.push(
      ...setAsideChanges(mapping.setAside ?? [], prefix.from).map(change => ({
        ...mark,
        ...change,
      })),
    );
  });
  const between = diffContracts(from, to, renames).map(change =>
    change.oldType && change.to !== undefined && nulled.delete(change.to)
      ? { ...change, summary: `${change.summary}, ${NULL_WHERE_NOT_CAST}` }
      : change,
  );
  return [...between, ...rewritten, ...nulled.values(), ...setAside];
}

/** What the steps do with the fields of one object. */
function fieldChanges(
  object: { from: SchemaObject; to: SchemaObject },
  { segments }: Mapping,
): {
  renames: Map<string, string>;
  /** Fields that hold what they held, perhaps as another type. */
  kept: FieldPair[];
  rewritten: FieldPair[];
} {
  const from = object.from.fields;
  const to = object.to.fields;
  const lineage = new Map(
    to.map(field => [field.name, lineageOf(segments, field.name)]),
  );
  const renames = new Map<string, string>();
  for (const [target, source] of lineage) {
    const stays = source !== undefined && lineage.get(source) === source;
    if (source !== undefined && source !== target && !stays) {
      renames.set(source, target);
    }
  }
  const { pairs } = matchFields(from, to, renames);
  const isKept = (pair: FieldPair) =>
    lineage.get(pair.to.name) === pair.from.name;
  return {
    renames,
    kept: pairs.filter(isKept),
    rewritten: pairs.filter(pair => !isKept(pair)),
  };
}
