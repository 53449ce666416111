import { createApp } from '@backstage/frontend-defaults';
import { brandingModule } from './branding';
import { navigationModule } from './navigation';
import { signInModule } from './signIn';

/**
 * The portal. Its plugins, ours among them, are discovered in package.json
 * (`app.packages: all`) and configured in app-config.yaml.
 */
export default createApp({
  features: [brandingModule, navigationModule, signInModule],
});
