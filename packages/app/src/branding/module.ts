import { createFrontendModule } from '@backstage/frontend-plugin-api';
import { darkTheme, lightTheme } from './themes';

export const brandingModule = createFrontendModule({
  pluginId: 'app',
  extensions: [lightTheme, darkTheme],
});
