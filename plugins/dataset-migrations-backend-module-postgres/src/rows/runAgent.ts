import { InputError } from '@backstage/errors';
import {
  AgentRunner,
  Batch,
} from '@skein/backstage-plugin-dataset-migrations-node';
import { MappingSegment } from '@skein/backstage-plugin-dataset-migrations-common';

export type AgentSegment = Extract<MappingSegment, { kind: 'agent' }>;

/**
 * Runs one imperative agent on one batch and checks what it promised.
 *
 * @throws InputError naming the agent when it returned other rows or fields;
 *   `signal.reason` on abort, even when the agent does not listen
 */
export async function runAgent(
  agents: AgentRunner,
  segment: AgentSegment,
  batch: Batch,
  options: { checkpoint: string; signal: AbortSignal },
): Promise<Batch> {
  const { agent, payload, output } = segment;
  const { batch: result } = await untilAborted(
    agents.run({ agent, payload, batch, ...options }),
    options.signal,
  );
  if (result.rows.length !== batch.rows.length) {
    throw new InputError(
      `The agent ${agent} returned ${result.rows.length} rows for ${batch.rows.length}`,
    );
  }
  for (const { name } of output) {
    if (result.rows.some(row => row[name] === undefined)) {
      throw new InputError(
        `The agent ${agent} returned rows without the field ${name}`,
      );
    }
  }
  return { fields: output, rows: result.rows };
}

async function untilAborted<T>(
  work: Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  signal.throwIfAborted();
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
