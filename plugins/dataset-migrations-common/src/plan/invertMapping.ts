import { InputError } from '@backstage/errors';
import { Field } from '../contracts/types';
import { Mapping } from '../mapping/types';
import { AgentRegistry } from './agentRegistry';
import { applySteps } from './applySteps';
import { AppliedStep } from './MappingBuilder';
import { MigrationStep } from './types';

/**
 * The mapping of what is written to the new version back to the old one (see
 * {@link Mapping.inverse}), made of the steps that undo the applied ones, last
 * first.
 *
 * @returns the mapping, or a sentence for every step that cannot be undone
 */
export function invertMapping(options: {
  from: Field[];
  to: Field[];
  applied: AppliedStep[];
  registry: AgentRegistry;
}): { inverse: Mapping } | { irreversible: string[] } {
  const { from, to, applied, registry } = options;
  const irreversible: string[] = [];
  const steps: MigrationStep[] = [];
  for (const { step, agent, before } of [...applied].reverse()) {
    if (agent.kind === 'imperative') {
      irreversible.unshift(
        `what the agent ${agent.id} did to the rows cannot be computed back`,
      );
      continue;
    }
    const undoing = agent.invert(step.payload, before);
    if ('irreversible' in undoing) {
      irreversible.unshift(undoing.irreversible);
    } else {
      steps.push(...undoing);
    }
  }
  if (irreversible.length > 0) {
    return { irreversible };
  }
  try {
    const { segments, setAside } = applySteps({
      from: to,
      to: from,
      steps,
      registry,
    });
    if (setAside.length > 0) {
      return {
        irreversible: ['a step back would leave out rows that do not fit'],
      };
    }
    return { inverse: { source: to, target: from, segments } };
  } catch (error) {
    if (error instanceof InputError) {
      return {
        irreversible: [`the steps back do not fit: ${error.message}`],
      };
    }
    throw error;
  }
}
