import { InputError } from '@backstage/errors';
import { formatFieldType, sameType } from '../contracts/formatFieldType';
import { Field } from '../contracts/types';
import { MappingSegment, SetAside } from '../mapping/types';
import { AgentRegistry } from './agentRegistry';
import { AppliedStep, MappingBuilder } from './MappingBuilder';
import { MigrationStep } from './types';

/** More would flood the page; the rest follows when these are mended. */
const LISTED_DIFFERENCES = 20;

/**
 * Applies steps to the fields of one version, and checks that they arrive
 * exactly at those of another.
 *
 * @throws InputError naming the step that does not fit, or everything that is
 *   missing, too much or of another type in the end
 */
export function applySteps(options: {
  from: Field[];
  to: Field[];
  steps: readonly MigrationStep[];
  /** Where the steps stand in their document, where that has others, too. */
  positions?: readonly number[];
  registry: AgentRegistry;
}): {
  segments: MappingSegment[];
  setAside: SetAside[];
  applied: AppliedStep[];
} {
  const { from, to, steps, positions, registry } = options;
  const targets = new Map(to.map(field => [field.name, field]));
  const builder = new MappingBuilder(from, registry, name => targets.get(name));
  steps.forEach((step, index) => {
    try {
      builder.apply(step);
    } catch (error) {
      if (error instanceof InputError) {
        throw new InputError(
          `steps[${positions?.[index] ?? index}] (${step.agent}): ${
            error.message
          }`,
        );
      }
      throw error;
    }
  });
  const differences = differencesBetween(builder.fields, to);
  if (differences.length > 0) {
    throw new InputError(
      `The steps do not arrive at the new version: ${differences
        .slice(0, LISTED_DIFFERENCES)
        .join('; ')}`,
    );
  }
  const { applied, setAside } = builder;
  return { segments: builder.finish(to), setAside, applied };
}

function differencesBetween(arrived: Field[], wanted: Field[]): string[] {
  const arrivedByName = new Map(arrived.map(field => [field.name, field]));
  const wantedNames = new Set(wanted.map(field => field.name));
  return [
    ...wanted.flatMap(field => {
      const other = arrivedByName.get(field.name);
      if (!other) {
        return [`no step yields \`${field.name}\``];
      }
      return sameType(other.type, field.type)
        ? []
        : [
            `\`${field.name}\` is ${formatFieldType(
              other.type,
            )}, but the new contract says ${formatFieldType(field.type)}`,
          ];
    }),
    ...arrived
      .filter(field => !wantedNames.has(field.name))
      .map(
        field =>
          `\`${field.name}\` is left over, the new contract does not have it`,
      ),
  ];
}
