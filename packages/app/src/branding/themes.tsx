import { ThemeBlueprint } from '@backstage/plugin-app-react';
import {
  createUnifiedTheme,
  genPageTheme,
  palettes,
  shapes,
  UnifiedThemeProvider,
} from '@backstage/theme';
import DarkIcon from '@material-ui/icons/Brightness2';
import LightIcon from '@material-ui/icons/WbSunny';
import { dusk, dawn, night } from './colors';

const header = genPageTheme({ colors: [night, dusk], shape: shapes.wave2 });
const pageTheme = {
  home: header,
  documentation: header,
  tool: header,
  service: header,
  website: header,
  library: header,
  other: header,
  app: header,
  apis: header,
};

const navigation = {
  background: night,
  indicator: dawn,
  color: '#c3d0e0',
  selectedColor: '#ffffff',
  navItem: { hoverBackground: '#24405f' },
  submenu: { background: '#24405f' },
};

const light = createUnifiedTheme({
  palette: {
    ...palettes.light,
    primary: { main: dusk },
    secondary: { main: '#b4561a' },
    link: '#1f5f9e',
    linkHover: night,
    navigation,
  },
  defaultPageTheme: 'home',
  pageTheme,
});

const dark = createUnifiedTheme({
  palette: { ...palettes.dark, secondary: { main: dawn }, navigation },
  defaultPageTheme: 'home',
  pageTheme,
});

/** Replaces the light theme of Backstage. */
export const lightTheme = ThemeBlueprint.make({
  name: 'light',
  params: {
    theme: {
      id: 'light',
      title: 'Light Theme',
      variant: 'light',
      icon: <LightIcon />,
      Provider: ({ children }) => (
        <UnifiedThemeProvider theme={light} children={children} />
      ),
    },
  },
});

/** Replaces the dark theme of Backstage. */
export const darkTheme = ThemeBlueprint.make({
  name: 'dark',
  params: {
    theme: {
      id: 'dark',
      title: 'Dark Theme',
      variant: 'dark',
      icon: <DarkIcon />,
      Provider: ({ children }) => (
        <UnifiedThemeProvider theme={dark} children={children} />
      ),
    },
  },
});
