import { join } from 'node:path';
import { ROOT } from '../../scripts/lib/paths.mjs';
import { addresses } from './addresses';
import { describeKilledHalfWay } from './killedHalfWay';

describeKilledHalfWay(
  'an agent that a company adds in a module of its own',
  'example-agent',
  {
    material: addresses,
    portalEntry: join(ROOT, 'e2e-tests/agent/portal.ts'),
    workerEntry: join(ROOT, 'e2e-tests/agent/worker.ts'),
  },
);
