import { createBackendModule } from '@backstage/backend-plugin-api';
import { datasetMigrationsAgentsExtensionPoint } from '@skein/backstage-plugin-dataset-migrations-node';
import { maskEmail } from './maskEmail';

/** Adds the agent `mask-email` to whatever backend or worker installs it. */
export default createBackendModule({
  pluginId: 'dataset-migrations',
  moduleId: 'mask-email-agent',
  register(reg) {
    reg.registerInit({
      deps: { agents: datasetMigrationsAgentsExtensionPoint },
      async init({ agents }) {
        agents.addAgents(maskEmail);
      },
    });
  },
});
