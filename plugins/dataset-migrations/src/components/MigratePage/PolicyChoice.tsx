import {
  PlanResponse,
  Policy,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { formatBlocking } from '../../format/blocking';
import { policyExplanations, policyNames } from '../../format/words';
import { Choice } from '../shared/Choice';

/** How the new version comes to its readers. */
export function PolicyChoice(props: {
  plan: PlanResponse;
  value: Policy;
  onChange(policy: Policy): void;
}) {
  const { plan, value, onChange } = props;
  const isProposed = plan.proposedPolicy === 'coexist';
  const stops = plan.blockingCount > 0;
  return (
    <Choice<Policy>
      label="How to publish"
      value={value}
      onChange={onChange}
      options={[
        {
          value: 'switch',
          name: policyNames.switch,
          help: stops
            ? `${policyExplanations.switch} It will stop: ${formatBlocking(
                plan.consumers,
              )}.`
            : policyExplanations.switch,
        },
        {
          value: 'coexist',
          name: isProposed
            ? `${policyNames.coexist} (proposed)`
            : policyNames.coexist,
          help: policyExplanations.coexist,
        },
      ]}
    />
  );
}
